package io.broadcastsocket.hub;

import io.broadcastsocket.model.Publication;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive encoded publications in one piece of direct memory, so that any run of them is one slice.
 *
 * <p>Event loop only. Slices keep the memory alive after {@link #release()}.
 */
final class Segment {
    private record Withheld(long offset, String clientId) {}

    private final ByteBuf bytes;
    private final long first;
    private int[] ends = new int[4];
    private int count;
    private List<Withheld> withheld = List.of();

    Segment(long first, int capacity) {
        this.first = first;
        this.bytes = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    /** A segment with exactly these publications, which are consecutive and not empty. */
    static Segment of(List<Publication> publications) {
        int size = 0;
        for (Publication publication : publications) {
            size += publication.frame().length;
        }
        Segment segment = new Segment(publications.get(0).offset(), size);
        for (Publication publication : publications) {
            segment.append(publication);
        }
        return segment;
    }

    boolean fits(Publication publication) {
        return bytes.isWritable(publication.frame().length);
    }

    void append(Publication publication) {
        assert publication.offset() == first + count : "offsets in a segment are consecutive";
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        bytes.writeBytes(publication.frame());
        ends[count++] = bytes.writerIndex();
        if (publication.withheldFrom() != null) {
            if (withheld.isEmpty()) {
                withheld = new ArrayList<>(2);
            }
            withheld.add(new Withheld(publication.offset(), publication.withheldFrom()));
        }
    }

    long first() {
        return first;
    }

    long last() {
        return first + count - 1;
    }

    int capacity() {
        return bytes.capacity();
    }

    /** The last offset of a run from {@code from} that has at most {@code maxBytes}; at least {@code from} itself. */
    long lastWithin(long from, int maxBytes) {
        int limit = start(from) + maxBytes;
        if (ends[count - 1] <= limit) {
            return last();
        }
        int found = Arrays.binarySearch(ends, 0, count, limit);
        int index = found >= 0 ? found : -found - 2;
        return Math.max(from, first + index);
    }

    /** A retained slice with the publications {@code from} to {@code to}. */
    ByteBuf slice(long from, long to) {
        int start = start(from);
        return bytes.retainedSlice(start, ends[(int) (to - first)] - start);
    }

    /** The first offset from {@code from} to {@code to} that this client must not get, or 0. */
    long withheldFrom(String clientId, long from, long to) {
        for (Withheld entry : withheld) {
            if (entry.offset() >= from
                    && entry.offset() <= to
                    && entry.clientId().equals(clientId)) {
                return entry.offset();
            }
        }
        return 0;
    }

    boolean withholds() {
        return !withheld.isEmpty();
    }

    void release() {
        bytes.release();
    }

    private int start(long offset) {
        return offset == first ? 0 : ends[(int) (offset - first) - 1];
    }
}
