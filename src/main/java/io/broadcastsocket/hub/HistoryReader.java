package io.broadcastsocket.hub;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the log for the subscribers of a shard: those that want the same at the same time share one read.
 *
 * <p>Event loop only.
 */
final class HistoryReader {
    /** Publications per read: enough to be rare, few enough to fit a socket. */
    static final int PAGE = 128;

    private record Key(String channel, Position after) {}

    private final Broker broker;
    private final WorkerStats stats;
    private final Map<Key, Future<ReadResult>> underWay = new HashMap<>();

    HistoryReader(Broker broker, WorkerStats stats) {
        this.broker = broker;
        this.stats = stats;
    }

    Future<ReadResult> read(String channel, Position after) {
        Key key = new Key(channel, after);
        Future<ReadResult> shared = underWay.get(key);
        if (shared != null) {
            return shared;
        }
        stats.logReads.increment();
        Future<ReadResult> read = broker.read(channel, after, PAGE);
        if (!read.isComplete()) {
            underWay.put(key, read);
            read.onComplete(done -> underWay.remove(key));
        }
        return read;
    }
}
