package io.broadcastsocket.hub;

import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.Gap;
import io.netty.buffer.ByteBuf;

/**
 * Writes the part of a channel's stream that a subscriber has not got.
 *
 * <p>Event loop only. Subscribers that stand at the same place, nearly all of them, share one slice: it is made for the
 * first and kept until somebody stands elsewhere.
 */
final class FeedWriter {
    private final HubShard shard;
    private final ChannelFeed feed;
    private final Tail tail;
    private ByteBuf slice;
    private long sliceFrom;
    private long sliceTo;

    FeedWriter(HubShard shard, ChannelFeed feed, Tail tail) {
        this.shard = shard;
        this.feed = feed;
        this.tail = tail;
    }

    /** Lets go of the shared slice. */
    void end() {
        if (slice != null) {
            slice.release();
            slice = null;
        }
    }

    /** Writes as much as the outlet takes in one go; returns whether the subscription is at the head then. */
    boolean write(Subscription subscription) {
        long head = tail.head();
        if (subscription.cursor > head) {
            return true;
        }
        Outlet outlet = subscription.subscriber.outlet;
        if (!outlet.isWritable()) {
            shard.stalled(subscription.subscriber);
            return false;
        }
        if (subscription.reading) {
            return false;
        }
        if (slice != null && subscription.cursor == sliceFrom) {
            emit(subscription, slice.retainedDuplicate(), sliceFrom, sliceTo);
        } else {
            Segment segment = tail.find(subscription.cursor);
            if (segment == null) {
                feed.readOn(subscription);
                return false;
            }
            writeFrom(segment, subscription);
        }
        if (subscription.cursor <= head) {
            shard.resumeSoon(subscription.subscriber);
            return false;
        }
        return true;
    }

    /** Writes from a segment that holds the subscription's cursor. */
    void writeFrom(Segment segment, Subscription subscription) {
        long from = subscription.cursor;
        long to = segment.lastWithin(from, shard.limits().writeBytes());
        if (segment.withholds()) {
            writeAllowed(segment, subscription, to);
            return;
        }
        end();
        slice = segment.slice(from, to);
        sliceFrom = from;
        sliceTo = to;
        emit(subscription, slice.retainedDuplicate(), from, to);
    }

    /** Leaves out what this client published itself and did not want back. */
    private void writeAllowed(Segment segment, Subscription subscription, long to) {
        String clientId = subscription.subscriber.outlet.clientId();
        while (subscription.cursor <= to) {
            long withheld = segment.withheldFrom(clientId, subscription.cursor, to);
            long end = withheld == 0 ? to : withheld - 1;
            if (end >= subscription.cursor) {
                emit(subscription, segment.slice(subscription.cursor, end), subscription.cursor, end);
            }
            subscription.cursor = withheld == 0 ? to + 1 : withheld + 1;
        }
    }

    private void emit(Subscription subscription, ByteBuf frames, long from, long to) {
        subscription.cursor = to + 1;
        shard.delivered(to - from + 1, frames.readableBytes());
        subscription.subscriber.outlet.write(feed.channel(), frames, from);
        shard.flushSoon(subscription.subscriber);
    }

    /** Applies the channel's rule to a subscriber that stalled and takes messages again. */
    void catchUp(Subscription subscription) {
        long head = tail.head();
        long keep = feed.slowConsumer() == SlowConsumer.LATEST ? 1 : 0;
        long next = head + 1 - keep;
        if (feed.slowConsumer() == SlowConsumer.RELIABLE || next <= subscription.cursor) {
            return;
        }
        Gap gap = new Gap(
                feed.channel(),
                subscription.cursor,
                next - 1,
                Gap.Reason.SKIPPED,
                feed.position().at(next - 1));
        subscription.skipTo(next);
        shard.announce(subscription, gap);
    }
}
