package io.broadcastsocket.broker.memory;

import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.Publication;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The recent publications of one channel: a ring that grows with what it holds.
 *
 * <p>Not thread-safe: guarded by its channel. Invariant: offsets are contiguous and end at the channel's top.
 */
final class History {
    private static final Publication[] NONE = {};

    private Publication[] ring = NONE;
    private int head;
    private int size;
    private long bytes;

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    /** Offset of the oldest publication; only when there is one. */
    long firstOffset() {
        return ring[head].offset();
    }

    void add(Publication publication) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = publication;
        size++;
        bytes += publication.frame().length;
    }

    /** Publications with an offset above {@code after}, at most {@code limit}; {@code after} lies in the history. */
    List<Publication> after(long after, int limit) {
        int skip = (int) (after + 1 - firstOffset());
        int count = Math.min(limit, size - skip);
        List<Publication> page = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            page.add(ring[(head + skip + i) & (ring.length - 1)]);
        }
        return page;
    }

    /** Drops what exceeds the bounds, and what was accepted before {@code oldest} (milliseconds since 1970). */
    void trim(ChannelRule.History bounds, long oldest) {
        while (size > 0 && (size > bounds.size() || bytes > bounds.bytes() || ring[head].timestamp() < oldest)) {
            bytes -= ring[head].frame().length;
            ring[head] = null;
            head = (head + 1) & (ring.length - 1);
            size--;
        }
        if (size == 0) {
            ring = NONE;
            head = 0;
        }
    }

    private void grow() {
        Publication[] larger = new Publication[Math.max(4, ring.length * 2)];
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, size - first);
        ring = larger;
        head = 0;
    }

    @Override
    public String toString() {
        return Arrays.toString(ring);
    }
}
