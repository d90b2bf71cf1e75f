package io.broadcastsocket.hub;

import io.broadcastsocket.model.Publication;
import java.util.ArrayDeque;

/**
 * The newest encoded publications of a channel on this shard, kept only as long as a subscriber has not taken them.
 *
 * <p>Event loop only. Invariant: the segments are contiguous and end at {@link #head()}.
 */
final class Tail {
    private static final int SMALLEST_SEGMENT = 2 * 1024;
    private static final int LARGEST_SEGMENT = 64 * 1024;

    private final ArrayDeque<Segment> segments = new ArrayDeque<>(2);
    private long head;
    private int bytes;
    private int nextCapacity = SMALLEST_SEGMENT;

    /** The newest offset; nothing before it is kept yet. */
    void startAt(long offset) {
        clear();
        head = offset;
    }

    long head() {
        return head;
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** Whether something in it must not reach everybody. */
    boolean withholds() {
        for (Segment segment : segments) {
            if (segment.withholds()) {
                return true;
            }
        }
        return false;
    }

    void append(Publication publication) {
        assert publication.offset() == head + 1 : "a tail has no holes";
        Segment newest = segments.peekLast();
        if (newest == null || !newest.fits(publication)) {
            newest = new Segment(publication.offset(), Math.max(nextCapacity, publication.frame().length));
            nextCapacity = Math.min(LARGEST_SEGMENT, nextCapacity * 2);
            segments.addLast(newest);
            bytes += newest.capacity();
        }
        newest.append(publication);
        head = publication.offset();
    }

    /** The segment that holds this offset, or null when it is no longer, or not yet, here. */
    Segment find(long offset) {
        if (offset > head) {
            return null;
        }
        Segment oldest = segments.peekFirst();
        if (oldest == null || offset < oldest.first()) {
            return null;
        }
        if (offset <= oldest.last()) {
            return oldest;
        }
        for (Segment segment : segments) {
            if (offset <= segment.last()) {
                return segment;
            }
        }
        return null;
    }

    /** Lets go of the oldest segments until at most {@code maxBytes} and one segment are left. */
    void trim(int maxBytes) {
        while (bytes > maxBytes && segments.size() > 1) {
            Segment oldest = segments.pollFirst();
            bytes -= oldest.capacity();
            oldest.release();
        }
    }

    /** Lets go of everything: all have taken it. The next segment is sized by what this round needed. */
    void clear() {
        nextCapacity = SMALLEST_SEGMENT;
        while (nextCapacity < bytes && nextCapacity < LARGEST_SEGMENT) {
            nextCapacity *= 2;
        }
        segments.forEach(Segment::release);
        segments.clear();
        bytes = 0;
    }
}
