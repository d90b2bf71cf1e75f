package io.broadcastsocket.hub;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;

/**
 * One subscriber's interest in one channel: a cursor into the channel's stream, and nothing queued.
 *
 * <p>Event loop only.
 */
public final class Subscription {
    final ChannelFeed feed;
    final Subscriber subscriber;

    /** The subscriber's, kept here because a pass over many subscribers spends its time on misses of the cache. */
    final Outlet outlet;

    /** Offset of the next publication to write. */
    long cursor;

    /** Up to here the client has certainly got everything. */
    private long confirmed;

    /** What was written when the last ping was sent: a pong confirms it. */
    private long pinged;

    /** Place in the feed's list, or -1 before it is opened and after it has ended. */
    int index = -1;

    /** A read of the log is under way for it; publications are not written meanwhile. */
    boolean reading;

    Subscription(ChannelFeed feed, Subscriber subscriber, long next) {
        this.feed = feed;
        this.subscriber = subscriber;
        this.outlet = subscriber.outlet;
        moveTo(next);
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

    /** Starts over in another epoch, where offsets mean something else. */
    void moveTo(long next) {
        cursor = next;
        confirmed = next - 1;
        pinged = next - 1;
    }

    void pinged() {
        pinged = cursor - 1;
    }

    void ponged() {
        confirmed = pinged;
    }

    SessionSnapshot.Cursor snapshot() {
        return new SessionSnapshot.Cursor(feed.position().at(Math.max(0, confirmed)), Math.max(0, cursor - 1));
    }
}
