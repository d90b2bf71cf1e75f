package io.broadcastsocket.hub;

import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.util.TreeMap;

/**
 * Turns announcements, which may get lost, come late or twice, into the channel's publications in order.
 *
 * <p>Event loop only; pure: it asks its output for everything it needs.
 *
 * <pre>
 * attaching  announcement, moved     → hold
 *            started(position)       → following, then take what is held
 * following  next offset             → deliver
 *            known offset            → drop
 *            later offset            → hold, ask for a fill  → filling
 *            other epoch             → drop, ask for a fill  → filling
 *            behind a top twice      → ask for a fill        → filling
 *            moved beyond last       → ask for a fill        → filling
 * filling    page                    → deliver; at the top   → following, else ask again
 *            trimmed                 → announce the gap, go on after it, ask again
 *            epoch changed           → announce it, go on in the other epoch, ask again
 *            failed                  → following, until the next announcement or top
 * </pre>
 */
final class InboundSequencer {
    /** Where decisions go. */
    interface Output {
        /** The next publication in order. */
        void deliver(Publication publication);

        /** Read the log after this position, then call {@link #filled} or {@link #fillFailed}. */
        void fill(Position after);

        /**
         * These offsets cannot be had; what comes next follows {@link Gap#next()}.
         *
         * @param before the position up to which everything was delivered
         */
        void lost(Position before, Gap gap);
    }

    /** Announcements kept while a hole is filled; the log has those beyond. */
    private static final int MAX_HELD = 1024;

    private final String channel;
    private final Output output;
    private final TreeMap<Long, Publication> held = new TreeMap<>();
    private Position last;
    private boolean filling;

    /** Where the log was said to be while attaching, or null. */
    private Position movedTo;

    private long suspectedTop;

    InboundSequencer(String channel, Output output) {
        this.channel = channel;
        this.output = output;
    }

    /** The position up to which everything was delivered or announced as lost; null while attaching. */
    Position last() {
        return last;
    }

    void started(Position position) {
        last = position;
        // One of another epoch with a large offset would look like a hole for ever.
        held.values().removeIf(publication -> !publication.epoch().equals(position.epoch()));
        takeHeld();
        fillHole();
        if (movedTo != null) {
            moved(movedTo);
            movedTo = null;
        }
    }

    void accept(Publication publication) {
        if (last == null) {
            hold(publication);
        } else if (!publication.epoch().equals(last.epoch())) {
            fill();
        } else if (publication.offset() == last.offset() + 1) {
            deliver(publication);
            takeHeld();
            fillHole();
        } else if (publication.offset() > last.offset()) {
            hold(publication);
            fill();
        }
    }

    /**
     * Compares with the log's newest position. An announcement may still be on its way, so being behind counts only when
     * it was so at the comparison before.
     */
    void compare(Position top) {
        if (last == null) {
            return;
        }
        if (!top.sameEpoch(last) || last.offset() < suspectedTop) {
            fill();
        }
        suspectedTop = top.sameEpoch(last) ? top.offset() : 0;
    }

    /** Announcements up to this position may have got lost: being behind is reason enough to read. */
    void moved(Position top) {
        if (last == null) {
            movedTo = top;
        } else if (!top.sameEpoch(last) || last.offset() < top.offset()) {
            fill();
        }
    }

    void filled(ReadResult result) {
        filling = false;
        result.accept(new ReadResult.Visitor<Void>() {
            @Override
            public Void page(ReadResult.Page page) {
                take(page);
                return null;
            }

            @Override
            public Void unservable(ReadResult.Unservable unservable) {
                skip(unservable);
                return null;
            }
        });
    }

    void fillFailed() {
        filling = false;
        suspectedTop = Long.MAX_VALUE;
    }

    private void take(ReadResult.Page page) {
        for (Publication publication : page.publications()) {
            if (publication.epoch().equals(last.epoch()) && publication.offset() == last.offset() + 1) {
                deliver(publication);
            }
        }
        takeHeld();
        boolean progress = !page.publications().isEmpty();
        if (progress && (page.top().offset() > last.offset() || !held.isEmpty())) {
            fill();
        }
    }

    private void skip(ReadResult.Unservable unservable) {
        Position next = unservable.resumeAt();
        if (next.sameEpoch(last) && next.offset() <= last.offset()) {
            return;
        }
        long missed = next.sameEpoch(last) ? next.offset() : last.offset();
        Gap gap = new Gap(channel, last.offset() + 1, missed, unservable.reason(), next);
        if (!next.sameEpoch(last)) {
            held.clear();
            suspectedTop = 0;
        }
        Position before = last;
        last = next;
        output.lost(before, gap);
        takeHeld();
        if (unservable.top().offset() > last.offset()) {
            fill();
        }
    }

    private void hold(Publication publication) {
        held.put(publication.offset(), publication);
        if (held.size() > MAX_HELD) {
            held.pollLastEntry();
        }
    }

    private void takeHeld() {
        while (!held.isEmpty() && held.firstKey() <= last.offset() + 1) {
            Publication publication = held.pollFirstEntry().getValue();
            if (publication.epoch().equals(last.epoch()) && publication.offset() == last.offset() + 1) {
                deliver(publication);
            }
        }
    }

    private void fillHole() {
        if (!held.isEmpty()) {
            fill();
        }
    }

    private void deliver(Publication publication) {
        last = publication.position();
        output.deliver(publication);
    }

    private void fill() {
        if (!filling) {
            filling = true;
            output.fill(last);
        }
    }
}
