package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.NodeCensus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes through Redis what this one has and does, every {@value #PERIOD_MS} ms.
 *
 * <p>Event loop only, except for the problem. Of the subscribers it writes what has changed, and everything again when Redis has another number of
 * channels than this node.
 */
final class CensusWriter {
    /** A node that has not told anything for so long is dead. */
    static final long DEAD_MS = 10_000;

    static final String TAG = "cluster";

    private static final long PERIOD_MS = 2000;
    private static final long FIRST_MS = 200;

    /** Changes in one script: Redis does nothing else meanwhile. */
    private static final int CHUNK = 1000;

    private static final Logger log = LoggerFactory.getLogger(CensusWriter.class);

    private final String nodeId;
    private final Keys keys;

    // Set once in open()
    private Links links;
    private Supplier<Future<NodeCensus>> census;

    private Map<String, Integer> written = Map.of();
    private boolean known;
    private boolean writing;
    private boolean closed;
    private volatile String problem;

    CensusWriter(RedisSettings settings) {
        this.nodeId = settings.nodeId();
        this.keys = new Keys(settings.prefix());
    }

    /** @param take asks this node what it has and does; may fail as long as it starts */
    void open(Vertx vertx, Links opened, Supplier<Future<NodeCensus>> take) {
        links = opened;
        census = take;
        vertx.setPeriodic(FIRST_MS, PERIOD_MS, timer -> write());
    }

    /** Takes this node out at once. */
    void close() {
        closed = true;
        RedisLink link = links.find(links.slot(TAG));
        if (link != null) {
            Future.join(
                            link.send(
                                    Request.cmd(Command.HDEL).arg(keys.nodes()).arg(nodeId)),
                            link.send(Request.cmd(Command.UNLINK).arg(keys.subscribers(nodeId))))
                    .onFailure(left -> log.debug("node's row runs out reason={}", left.getMessage()));
        }
    }

    private void write() {
        if (writing || closed) {
            return;
        }
        writing = true;
        census.get()
                .compose(this::write)
                .onSuccess(done -> problem = null)
                .onFailure(this::failed)
                .onComplete(done -> writing = false);
    }

    /** Why other nodes do not see this one, apart from Redis being away; any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private Future<Void> write(NodeCensus taken) {
        JsonObject row = new JsonObject().put("uptimeMs", taken.uptimeMs());
        taken.counters().forEach(row::put);
        List<Object> changes = changes(known ? written : Map.of(), taken.subscribers());
        Future<Long> sent = write(row, known ? 0 : 1, changes.subList(0, Math.min(CHUNK, changes.size())));
        for (int from = CHUNK; from < changes.size(); from += CHUNK) {
            List<Object> chunk = changes.subList(from, Math.min(from + CHUNK, changes.size()));
            sent = sent.compose(before -> write(row, 0, chunk));
        }
        return sent.map(channels -> {
            written = taken.subscribers();
            known = channels == written.size();
            return null;
        });
    }

    private Future<Long> write(JsonObject row, int anew, List<Object> changes) {
        if (closed) {
            return Future.failedFuture("closed");
        }
        List<Object> arguments = new ArrayList<>(List.of(nodeId, row.encode(), DEAD_MS, anew));
        arguments.addAll(changes);
        return links.run(
                        TAG,
                        Scripts.CENSUS_WRITE,
                        List.of(keys.nodes(), keys.subscribers(nodeId)),
                        link -> arguments.toArray())
                .map(channels -> channels.toLong());
    }

    /** Channel, subscribers and so on of those that differ. */
    private static List<Object> changes(Map<String, Integer> before, Map<String, Integer> after) {
        List<Object> changes = new ArrayList<>();
        after.forEach((channel, subscribers) -> {
            if (!subscribers.equals(before.get(channel))) {
                changes.add(channel);
                changes.add(subscribers);
            }
        });
        before.keySet().stream().filter(channel -> !after.containsKey(channel)).forEach(gone -> {
            changes.add(gone);
            changes.add(0);
        });
        return changes;
    }

    /** That Redis is away is told by the links. */
    private void failed(Throwable failure) {
        known = false;
        if (failure.getCause() instanceof RedisFailure refusal) {
            if (problem == null) {
                log.warn("other nodes do not see this one reason={}", refusal.getMessage());
            }
            problem = "other nodes do not see this one in " + keys.nodes() + ": " + refusal.getMessage();
        }
    }
}
