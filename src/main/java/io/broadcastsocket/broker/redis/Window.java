package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of a channel's newest publications, so that many who come back at once share what one of them has read.
 *
 * <p>Event loop only; pure. Invariant: the offsets are contiguous, in one epoch.
 */
final class Window {
    private final List<Publication> run;
    private long bytes;
    private long newest;

    /** When somebody was last served, nanoseconds as of {@link System#nanoTime}. */
    long usedAt;

    /**
     * @param publications contiguous, not empty
     * @param newest the channel's newest offset, which may lie beyond them
     */
    Window(List<Publication> publications, long newest, long now) {
        run = new ArrayList<>(publications);
        this.newest = newest;
        publications.forEach(publication -> bytes += publication.frame().length);
        usedAt = now;
    }

    long bytes() {
        return bytes;
    }

    /** The newest position of the channel that is known here. */
    Position top() {
        return last().at(newest);
    }

    /** The position of the last publication here. */
    Position last() {
        return run.get(run.size() - 1).position();
    }

    /** Whether at least the publication after this position is there. */
    boolean serves(Position after) {
        return after.sameEpoch(last()) && after.offset() >= run.get(0).offset() - 1 && after.offset() < last().offset();
    }

    /** Publications after a position that it {@link #serves}. */
    List<Publication> after(Position after, int limit) {
        int from = (int) (after.offset() + 1 - run.get(0).offset());
        return run.subList(from, Math.min(run.size(), from + limit));
    }

    /** Takes what was announced if it is the next one. */
    void announced(Publication publication) {
        if (!publication.epoch().equals(last().epoch())) {
            return;
        }
        newest = Math.max(newest, publication.offset());
        if (publication.offset() == last().offset() + 1) {
            run.add(publication);
            bytes += publication.frame().length;
        }
    }
}
