package io.broadcastsocket.hub;

import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import java.util.Arrays;

/**
 * One channel on one shard: what comes in, in order, and who gets it.
 *
 * <p>Event loop only. Invariant: the tail's head is the sequencer's last offset.
 */
final class ChannelFeed implements InboundSequencer.Output {
    private static final Subscription[] NONE = {};

    private final HubShard shard;
    private final String channel;
    private final ChannelRule.SlowConsumer slowConsumer;
    private final InboundSequencer sequencer;
    private final FeedWriter writer;
    private final Tail tail = new Tail();
    private final boolean counts;
    private Subscription[] subscriptions = NONE;
    private int count;

    /** Complete when announcements are in effect; the sequencer has started then. */
    private Future<Void> attached;

    /** Subscriptions that are being decided on and keep the feed alive. */
    int joining;

    /** Among the feeds that have something to write. */
    boolean dirty;

    private boolean closed;

    ChannelFeed(HubShard shard, String channel, ChannelRule.SlowConsumer slowConsumer) {
        this.shard = shard;
        this.channel = channel;
        this.slowConsumer = slowConsumer;
        this.counts = !ChannelName.isInternal(channel);
        this.sequencer = new InboundSequencer(channel, this);
        this.writer = new FeedWriter(shard, this, tail);
    }

    void attachedBy(Future<Position> attach) {
        attached = attach.map(position -> {
            tail.startAt(position.offset());
            sequencer.started(position);
            return null;
        });
    }

    Future<Void> attached() {
        return attached;
    }

    String channel() {
        return channel;
    }

    ChannelRule.SlowConsumer slowConsumer() {
        return slowConsumer;
    }

    /** Whether it appears in statistics: the server's own channels do not. */
    boolean counts() {
        return counts;
    }

    /** Epoch and newest offset; only once attached. */
    Position position() {
        return sequencer.last();
    }

    long head() {
        return tail.head();
    }

    boolean isUnused() {
        return count == 0 && joining == 0;
    }

    int size() {
        return count;
    }

    void add(Subscription subscription) {
        if (count == subscriptions.length) {
            subscriptions = Arrays.copyOf(subscriptions, count < 2 ? count + 1 : count + (count >> 1));
        }
        subscription.index = count;
        subscriptions[count++] = subscription;
    }

    void remove(Subscription subscription) {
        Subscription last = subscriptions[--count];
        subscriptions[subscription.index] = last;
        last.index = subscription.index;
        subscriptions[count] = null;
        subscription.index = -1;
    }

    /** Nobody is left; a fill that is still under way must not bring anything back. */
    void close() {
        closed = true;
        tail.clear();
    }

    // What comes in

    void announced(Publication publication) {
        sequencer.accept(publication);
    }

    void compare(Position top) {
        sequencer.compare(top);
    }

    void moved(Position top) {
        sequencer.moved(top);
    }

    @Override
    public void deliver(Publication publication) {
        tail.append(publication);
        shard.dirty(this);
    }

    @Override
    public void fill(Position after) {
        shard.reader()
                .read(channel, after)
                .onComplete(
                        result -> {
                            if (!closed) {
                                sequencer.filled(result);
                            }
                        },
                        failure -> sequencer.fillFailed());
    }

    /** Those that have taken everything before the gap get it now; the others meet it when they read on. */
    @Override
    public void lost(Position last, Gap gap) {
        boolean sameEpoch = gap.reason() != Gap.Reason.EPOCH;
        writeFromTail();
        tail.startAt(gap.next().offset());
        for (int i = 0; i < count; i++) {
            Subscription subscription = subscriptions[i];
            if (sameEpoch && subscription.cursor == gap.from()) {
                subscription.skipTo(gap.to() + 1);
                shard.announce(subscription, gap);
            } else if (!sameEpoch) {
                Gap own = new Gap(channel, subscription.cursor, subscription.cursor - 1, gap.reason(), gap.next());
                subscription.moveTo(last, gap.next().offset() + 1);
                shard.announce(subscription, own);
            }
        }
    }

    // What goes out

    /** Writes to every subscriber what it has not got, and lets go of what all have. */
    void writeAll() {
        int behind = 0;
        for (int i = 0; i < count; i++) {
            if (!writer.write(subscriptions[i])) {
                behind++;
            }
        }
        if (behind == 0) {
            tail.clear();
        } else {
            tail.trim(shard.limits().tailBytes());
        }
        writer.end();
    }

    /**
     * Writes what the tail still has, to those that stand in it. The sequencer is in the other epoch already, so the log
     * must not be read for the others: their offsets would mean something else there.
     */
    private void writeFromTail() {
        for (int i = 0; i < count; i++) {
            if (tail.find(subscriptions[i].cursor) != null) {
                writer.write(subscriptions[i]);
            }
        }
        writer.end();
    }

    /** Writes to one subscriber what it has not got. */
    void writeTo(Subscription subscription) {
        writer.write(subscription);
        writer.end();
    }

    /** The subscriber takes messages again: applies the channel's rule to what it has missed. */
    void recover(Subscription subscription) {
        writer.catchUp(subscription);
    }

    /** Goes on with a subscriber that is so far behind that only the log can help. */
    void readOn(Subscription subscription) {
        subscription.reading = true;
        Position after = position().at(subscription.cursor - 1);
        shard.reader()
                .read(channel, after)
                .onComplete(
                        result -> {
                            subscription.reading = false;
                            if (subscription.isOpen()) {
                                if (isStillAt(subscription, after)) {
                                    take(subscription, result);
                                }
                                shard.resumeSoon(subscription.subscriber);
                            }
                        },
                        failure -> {
                            subscription.reading = false;
                            shard.retryLater(subscription.subscriber);
                        });
    }

    private boolean isStillAt(Subscription subscription, Position after) {
        return position().sameEpoch(after) && subscription.cursor == after.offset() + 1;
    }

    private void take(Subscription subscription, ReadResult result) {
        result.accept(new ReadResult.Visitor<Void>() {
            @Override
            public Void page(ReadResult.Page page) {
                if (!page.publications().isEmpty()) {
                    Segment segment = Segment.of(page.publications());
                    writer.writeFrom(segment, subscription);
                    writer.end();
                    segment.release();
                }
                return null;
            }

            @Override
            public Void unservable(ReadResult.Unservable unservable) {
                skip(subscription, unservable);
                return null;
            }
        });
    }

    /** Tells the subscriber what it has missed; an epoch that changed reaches all of the feed by its sequencer. */
    private void skip(Subscription subscription, ReadResult.Unservable unservable) {
        Position next = unservable.resumeAt();
        if (!next.sameEpoch(position())) {
            sequencer.compare(unservable.top());
            return;
        }
        if (next.offset() < subscription.cursor) {
            return;
        }
        Gap gap = new Gap(channel, subscription.cursor, next.offset(), Gap.Reason.TRIMMED, next);
        subscription.skipTo(next.offset() + 1);
        shard.announce(subscription, gap);
    }
}
