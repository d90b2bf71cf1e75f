package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The sessions in the memory of the cluster, where every node finds them: those of clients that are away, and checkpoints of the
 * others in case their node dies.
 *
 * <p>Thread-safe: everything is done on the adapter's event loop.
 */
final class ClusterSessionStore implements SessionStore {
    private static final String SURRENDER = "surrender";
    private static final long SURRENDER_MS = 1000;
    private static final long RETRY_AFTER_MS = 1000;

    private final ClusterSettings settings;
    private final long ttlMs;
    private final Crossing crossing;

    // Set once in open()
    private Cluster cluster;
    private IMap<String, KeptSession> sessions;

    /** @param ttlMs how long a session waits for its client, milliseconds */
    ClusterSessionStore(ClusterSettings settings, long ttlMs, Crossing crossing) {
        this.settings = settings;
        this.ttlMs = ttlMs;
        this.crossing = crossing;
    }

    /**
     * On the adapter's event loop, once, before the cluster is open.
     *
     * @param surrender saves the session with a token and ends its connection, if this node has it
     */
    void open(Cluster opened, HazelcastInstance hazelcast, Function<String, Future<Void>> surrender) {
        cluster = opened;
        sessions = hazelcast.getMap(MemberConfig.SESSIONS);
        cluster.bus().answer(SURRENDER, question -> surrender
                .apply(question.getString("token"))
                .map(saved -> new JsonObject()));
    }

    @Override
    public Future<Void> save(SessionSnapshot session) {
        return crossing.call(() -> write(session, ""));
    }

    @Override
    public Future<Void> checkpoint(SessionSnapshot session) {
        return crossing.call(() -> write(session, settings.nodeId()));
    }

    @Override
    public boolean outlivesNode() {
        return true;
    }

    @Override
    public Future<Optional<SessionSnapshot>> take(String token) {
        return crossing.call(() -> remove(token).compose(found -> {
            String owner = found.map(SessionDocument::owner).orElse("");
            if (!cluster.peers().has(owner)) {
                return Future.succeededFuture(found.map(json -> SessionDocument.decode(token, json)));
            }
            // The owner is alive and knows better where the session stands.
            return cluster.bus()
                    .ask(owner, SURRENDER, new JsonObject().put("token", token), SURRENDER_MS)
                    .otherwiseEmpty()
                    .compose(surrendered -> remove(token))
                    .map(last -> last.or(() -> found).map(json -> SessionDocument.decode(token, json)));
        }));
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        String document = SessionDocument.encode(session, node).encode();
        KeepSession step = new KeepSession(new KeptSession(session.turn(), document), ttlMs);
        return call(() -> sessions.submitToKey(SessionDocument.digest(session.token()), step));
    }

    private Future<Optional<JsonObject>> remove(String token) {
        return call(() -> sessions.removeAsync(SessionDocument.digest(token)))
                .map(kept -> Optional.ofNullable(kept).map(one -> new JsonObject(one.document())));
    }

    private <T> Future<T> call(Supplier<CompletionStage<T>> call) {
        try {
            return Future.fromCompletionStage(call.get(), cluster.vertx().getOrCreateContext())
                    .recover(ClusterSessionStore::unavailable);
        } catch (RuntimeException failure) {
            return unavailable(failure);
        }
    }

    private static <T> Future<T> unavailable(Throwable failure) {
        return Future.failedFuture(new BrokerUnavailable(LogMap.reason(failure), RETRY_AFTER_MS, failure));
    }
}
