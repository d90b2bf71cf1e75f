package io.broadcastsocket.hub;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;

/**
 * One subscriber's interest in one channel: a cursor into the channel's stream, and nothing queued.
 *
 * <p>Event loop only.
 */
public final class Subscription {
    private static final long NOTHING = -1;

    final ChannelFeed feed;
    final Subscriber subscriber;

    /** The subscriber's, kept here because a pass over many subscribers spends its time on misses of the cache. */
    final Outlet outlet;

    /** Offset of the next publication to write. */
    long cursor;

    /** Up to here the client has certainly got everything, unless {@link #before} is set. */
    private long confirmed;

    /** What was written when the last ping was sent: a pong confirms it. {@link #NOTHING} when no ping was sent after the gap. */
    private long pinged = NOTHING;

    /** What the client certainly has, while the gap that leads from there to here may not have arrived; null otherwise. */
    private Position before;

    /** Place in the feed's list, or -1 before it is opened and after it has ended. */
    int index = -1;

    /** A read of the log is under way for it; publications are not written meanwhile. */
    boolean reading;

    /** @param certain what the client has; a gap is announced when the position after which it goes on is another one */
    Subscription(ChannelFeed feed, Subscriber subscriber, Position certain, Position start) {
        this.feed = feed;
        this.subscriber = subscriber;
        this.outlet = subscriber.outlet;
        this.before = certain.equals(start) ? null : certain;
        goOn(start.offset() + 1);
    }

    public String channel() {
        return feed.channel();
    }

    /** The position after which the next publication comes. */
    public Position position() {
        return feed.position().at(Math.max(0, cursor - 1));
    }

    boolean isOpen() {
        return index >= 0;
    }

    /** Goes on at another offset, after a gap that was announced. */
    void skipTo(long next) {
        cursor = next;
    }

    /**
     * Starts over in another epoch, where offsets mean something else.
     *
     * @param last a position in the epoch before
     */
    void moveTo(Position last, long next) {
        if (before == null) {
            before = last.at(Math.max(0, confirmed));
        }
        goOn(next);
    }

    private void goOn(long next) {
        cursor = next;
        confirmed = next - 1;
        pinged = NOTHING;
    }

    void pinged() {
        pinged = cursor - 1;
    }

    void ponged() {
        if (pinged != NOTHING) {
            confirmed = pinged;
            before = null;
        }
    }

    SessionSnapshot.Cursor snapshot() {
        Position written = position();
        if (before == null) {
            return new SessionSnapshot.Cursor(written.at(Math.max(0, confirmed)), written.offset());
        }
        boolean follows = before.sameEpoch(written) && before.offset() <= written.offset();
        return new SessionSnapshot.Cursor(before, follows ? written.offset() : SessionSnapshot.Cursor.UNKNOWN);
    }
}
