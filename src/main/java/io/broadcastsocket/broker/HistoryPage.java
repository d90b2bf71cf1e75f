package io.broadcastsocket.broker;

import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * A page of a channel's history, as clients and backends ask for it.
 *
 * @param publications in order; may be fewer than asked for, so go on after the last one until it is the top
 * @param top the newest position when it was read
 * @param gap what was asked for but lies before the history
 */
public record HistoryPage(List<Publication> publications, Position top, Optional<Gap> gap) {
    /** Most bytes of encoded publications in a page, so that one reply stays small. */
    private static final int MAX_BYTES = 256 * 1024;

    /**
     * Reads a page.
     *
     * @param after where to begin; empty for the oldest publication there is
     */
    public static Future<HistoryPage> read(Broker broker, String channel, Optional<Position> after, int limit) {
        return after.map(position -> from(broker, channel, position, position, limit, Optional.empty()))
                .orElseGet(() -> broker.tops(List.of(channel))
                        .compose(tops ->
                                fromOldest(broker, channel, tops.get(channel).at(0), limit)));
    }

    private static Future<HistoryPage> fromOldest(Broker broker, String channel, Position start, int limit) {
        return from(broker, channel, start, start, limit, Optional.empty())
                .map(page -> new HistoryPage(page.publications(), page.top(), Optional.empty()));
    }

    /**
     * Reads after a position until it can be served.
     *
     * @param wanted what was asked for in the beginning: more may be trimmed between two reads, and all of it is one gap
     */
    private static Future<HistoryPage> from(
            Broker broker, String channel, Position wanted, Position after, int limit, Optional<Gap> gap) {
        return broker.read(channel, after, limit)
                .compose(result -> result.accept(new ReadResult.Visitor<Future<HistoryPage>>() {
                    @Override
                    public Future<HistoryPage> page(ReadResult.Page page) {
                        return Future.succeededFuture(new HistoryPage(cut(page.publications()), page.top(), gap));
                    }

                    @Override
                    public Future<HistoryPage> unservable(ReadResult.Unservable unservable) {
                        Gap missed = gap(channel, wanted, unservable);
                        return from(broker, channel, wanted, unservable.resumeAt(), limit, Optional.of(missed));
                    }
                }));
    }

    private static Gap gap(String channel, Position wanted, ReadResult.Unservable unservable) {
        Position next = unservable.resumeAt();
        long from = wanted.offset() + 1;
        long to = next.sameEpoch(wanted) ? Math.max(from - 1, next.offset()) : from - 1;
        return new Gap(channel, from, to, unservable.reason(), next);
    }

    private static List<Publication> cut(List<Publication> publications) {
        int bytes = 0;
        for (int i = 0; i < publications.size(); i++) {
            bytes += publications.get(i).frame().length;
            if (bytes > MAX_BYTES && i > 0) {
                return publications.subList(0, i);
            }
        }
        return publications;
    }
}
