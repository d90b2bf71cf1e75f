package io.broadcastsocket.hub;

import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.Command.StartVisitor;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Decides where a subscription begins, and whether everything that was asked for can be had.
 *
 * <p>Event loop only.
 */
final class Joins {
    private final HistoryReader reader;

    Joins(HistoryReader reader) {
        this.reader = reader;
    }

    Future<Joined> decide(Subscriber subscriber, ChannelFeed feed, Start start) {
        return start.accept(new StartVisitor<Future<Joined>>() {
            @Override
            public Future<Joined> live() {
                return Future.succeededFuture(new Joined(subscriber, feed, feed.position()));
            }

            @Override
            public Future<Joined> since(Position position) {
                return Joins.this.since(subscriber, feed, position);
            }

            @Override
            public Future<Joined> last(int count) {
                return Joins.this.last(subscriber, feed, count);
            }
        });
    }

    private Future<Joined> since(Subscriber subscriber, ChannelFeed feed, Position position) {
        if (position.equals(feed.position())) {
            return Future.succeededFuture(new Joined(subscriber, feed, position));
        }
        return reader.read(feed.channel(), position)
                .map(result -> result.accept(new ReadResult.Visitor<Joined>() {
                    @Override
                    public Joined page(ReadResult.Page page) {
                        return new Joined(subscriber, feed, position);
                    }

                    @Override
                    public Joined unservable(ReadResult.Unservable unservable) {
                        return withGap(subscriber, feed, position, unservable);
                    }
                }));
    }

    /** What can still be had is delivered after the gap. */
    private static Joined withGap(
            Subscriber subscriber, ChannelFeed feed, Position wanted, ReadResult.Unservable unservable) {
        Position next = unservable.resumeAt();
        long from = wanted.offset() + 1;
        boolean sameEpoch = next.sameEpoch(wanted) && next.offset() >= from;
        Gap gap = new Gap(feed.channel(), from, sameEpoch ? next.offset() : from - 1, unservable.reason(), next);
        return new Joined(subscriber, feed, wanted, next, false, Optional.of(gap));
    }

    private Future<Joined> last(Subscriber subscriber, ChannelFeed feed, int count) {
        Position head = feed.position();
        Position wanted = head.at(Math.max(0, head.offset() - count));
        if (wanted.equals(head)) {
            return Future.succeededFuture(new Joined(subscriber, feed, head));
        }
        return reader.read(feed.channel(), wanted)
                .map(result -> result.accept(new ReadResult.Visitor<Joined>() {
                    @Override
                    public Joined page(ReadResult.Page page) {
                        return new Joined(subscriber, feed, wanted);
                    }

                    @Override
                    public Joined unservable(ReadResult.Unservable unservable) {
                        return new Joined(subscriber, feed, unservable.resumeAt());
                    }
                }));
    }
}
