package io.broadcastsocket.hub;

import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.Gap;
import io.netty.buffer.ByteBuf;

/**
 * Writes the part of a channel's stream that a subscriber has not got, and flushes once.
 *
 * <p>Event loop only. Subscribers that stand at the same place, nearly all of them, share the slices: they are made for
 * the first and kept until somebody stands elsewhere.
 */
final class FeedWriter {
    /** Segments in one write; more are rare, since segments grow with the load. */
    private static final int MOST_SLICES = 4;

    private final HubShard shard;
    private final ChannelFeed feed;
    private final Tail tail;

    // The slices from one cursor to the head, or to the most bytes of one write
    private final ByteBuf[] slices = new ByteBuf[MOST_SLICES];
    private final long[] ends = new long[MOST_SLICES];
    private int sliceCount;
    private long sharedFrom;

    // What was written since the last end()
    private long publications;
    private long bytes;

    FeedWriter(HubShard shard, ChannelFeed feed, Tail tail) {
        this.shard = shard;
        this.feed = feed;
        this.tail = tail;
    }

    /** Lets go of the shared slices. */
    void end() {
        forgetSlices();
        if (publications > 0) {
            shard.delivered(feed, publications, bytes);
            publications = 0;
            bytes = 0;
        }
    }

    /** Writes as much as the outlet takes in one go; returns whether the subscription is at the head then. */
    boolean write(Subscription subscription) {
        long head = tail.head();
        if (subscription.cursor > head) {
            return true;
        }
        if (!subscription.outlet.isWritable()) {
            shard.stalled(subscription.subscriber);
            return false;
        }
        if (subscription.reading) {
            return false;
        }
        if ((sliceCount == 0 || subscription.cursor != sharedFrom) && !prepare(subscription, head)) {
            return subscription.cursor > head;
        }
        writeSlices(subscription);
        if (subscription.cursor <= head) {
            shard.resumeSoon(subscription.subscriber);
            return false;
        }
        return true;
    }

    /** Writes from a segment of its own, which holds the subscription's cursor. */
    void writeFrom(Segment segment, Subscription subscription) {
        if (segment.withholds()) {
            writeAllowed(segment, subscription, segment.lastWithin(subscription.cursor, budget()));
            shard.flushSoon(subscription.subscriber);
            return;
        }
        forgetSlices();
        share(segment, subscription.cursor, budget());
        writeSlices(subscription);
    }

    /**
     * Makes the slices from this subscription's cursor on; false when the tail cannot serve it, or when something is
     * withheld from somebody, so that it was written on its own.
     */
    private boolean prepare(Subscription subscription, long head) {
        Segment segment = tail.find(subscription.cursor);
        if (segment == null) {
            feed.readOn(subscription);
            return false;
        }
        if (tail.withholds()) {
            writeAllowed(segment, subscription, segment.lastWithin(subscription.cursor, budget()));
            shard.flushSoon(subscription.subscriber);
            if (subscription.cursor <= head) {
                shard.resumeSoon(subscription.subscriber);
            }
            return false;
        }
        forgetSlices();
        sharedFrom = subscription.cursor;
        long from = sharedFrom;
        int left = budget();
        while (segment != null && left > 0 && sliceCount < MOST_SLICES) {
            left -= share(segment, from, left);
            from = ends[sliceCount - 1] + 1;
            segment = tail.find(from);
        }
        return true;
    }

    private int share(Segment segment, long from, int mostBytes) {
        long to = segment.lastWithin(from, mostBytes);
        ByteBuf slice = segment.slice(from, to);
        if (sliceCount == 0) {
            sharedFrom = from;
        }
        slices[sliceCount] = slice;
        ends[sliceCount++] = to;
        return slice.readableBytes();
    }

    private void writeSlices(Subscription subscription) {
        if (sliceCount == 1 && shard.flushesAtOnce()) {
            long from = count(subscription, slices[0], ends[0]);
            subscription.outlet.send(feed.channel(), slices[0], from);
            return;
        }
        for (int i = 0; i < sliceCount; i++) {
            emit(subscription, slices[i].retainedDuplicate(), ends[i]);
        }
        shard.flushSoon(subscription.subscriber);
    }

    /** Leaves out what this client published itself and did not want back. */
    private void writeAllowed(Segment segment, Subscription subscription, long to) {
        String clientId = subscription.outlet.clientId();
        while (subscription.cursor <= to) {
            long withheld = segment.withheldFrom(clientId, subscription.cursor, to);
            long end = withheld == 0 ? to : withheld - 1;
            if (end >= subscription.cursor) {
                emit(subscription, segment.slice(subscription.cursor, end), end);
            }
            subscription.cursor = withheld == 0 ? to + 1 : withheld + 1;
        }
    }

    private void emit(Subscription subscription, ByteBuf frames, long to) {
        long from = count(subscription, frames, to);
        subscription.outlet.write(feed.channel(), frames, from);
    }

    /** Moves the cursor behind {@code to}; gives where it was. */
    private long count(Subscription subscription, ByteBuf frames, long to) {
        long from = subscription.cursor;
        subscription.cursor = to + 1;
        publications += to - from + 1;
        bytes += frames.readableBytes();
        return from;
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

    private void forgetSlices() {
        while (sliceCount > 0) {
            slices[--sliceCount].release();
            slices[sliceCount] = null;
        }
    }

    private int budget() {
        return shard.limits().writeBytes();
    }
}
