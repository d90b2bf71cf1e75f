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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The sessions in the memory of the cluster, where every node finds them: those of clients that are away, and checkpoints of the
 * others in case their node dies.
 *
 * <p>Thread-safe: everything is done on the adapter's event loop.
 */
final class ClusterSessionStore implements SessionStore {
    private static final String SURRENDER = "surrender";
    private static final String SESSION = "session";
    private static final long SURRENDER_MS = 1000;

    /** Each may take a second or two, until it is certain that there is no answer. */
    private static final int TRIES = 3;

    private static final long RETRY_AFTER_MS = 1000;

    private final ClusterSettings settings;
    private final long ttlMs;
    private final Crossing crossing;

    private long attempts;

    /** Sessions on their way into the map. */
    private int keeping;

    // Set once in open()
    private Cluster cluster;
    private IMap<String, KeptSession> sessions;

    /** @param ttlMs how long a session waits for its client, milliseconds */
    ClusterSessionStore(ClusterSettings settings, long ttlMs, Crossing crossing) {
        this.settings = settings;
        this.ttlMs = ttlMs;
        this.crossing = crossing;
    }

    /** On the adapter's event loop, once, before the cluster is open. */
    void open(Cluster opened, HazelcastInstance hazelcast, Local local) {
        cluster = opened;
        sessions = hazelcast.getMap(MemberConfig.SESSIONS);
        cluster.bus().answer(SURRENDER, question -> local.surrender(question.getString("token"))
                .map(session -> new JsonObject()
                        .put(
                                SESSION,
                                session.map(one -> SessionDocument.encode(one, ""))
                                        .orElse(null))));
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
    public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        return crossing.call(() -> {
            String attempt = settings.nodeId() + "/" + ++attempts;
            return mark(token, attempt, TRIES)
                    .compose(found -> isWanted.getAsBoolean() ? last(token, found) : giveBack(token, found))
                    .map(found -> found.map(json -> SessionDocument.decode(token, json)));
        });
    }

    /** Nobody waits for it any more, and whoever has it may keep it. */
    private Future<Optional<JsonObject>> giveBack(String token, Optional<JsonObject> found) {
        return found.map(json -> keep(token, json.getLong("turn", 0L), json.encode(), false))
                .orElse(Future.succeededFuture())
                .map(back -> Optional.empty());
    }

    /** What the node that the client is connected to knows better, if there is one and it lives. */
    private Future<Optional<JsonObject>> last(String token, Optional<JsonObject> found) {
        String owner = found.map(SessionDocument::owner).orElse("");
        return !cluster.peers().has(owner)
                ? Future.succeededFuture(found)
                : cluster.bus()
                        .ask(owner, SURRENDER, new JsonObject().put("token", token), SURRENDER_MS)
                        .transform(answer -> answer.succeeded()
                                ? left(token, answer.result().getJsonObject(SESSION), found)
                                : Future.succeededFuture(found));
    }

    /** What the owner gave away; or, when it had it no longer, what the connection has left meanwhile, or was kept of it. */
    private Future<Optional<JsonObject>> left(String token, JsonObject surrendered, Optional<JsonObject> found) {
        return surrendered != null
                ? Future.succeededFuture(Optional.of(surrendered))
                : mark(token, settings.nodeId() + "/" + ++attempts, TRIES)
                        .map(last -> last.or(() -> found))
                        .otherwise(found);
    }

    /** Takes it, and again under the same name when it is not certain whether it was taken. */
    private Future<Optional<JsonObject>> mark(String token, String attempt, int tries) {
        return call(() -> sessions.submitToKey(SessionDocument.digest(token), new TakeSession(attempt)))
                .map(kept -> Optional.ofNullable(kept).map(one -> new JsonObject(one.document())))
                .recover(failure -> tries == 1 ? Future.failedFuture(failure) : mark(token, attempt, tries - 1));
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        return keep(
                session.token(),
                session.turn(),
                SessionDocument.encode(session, node).encode(),
                !node.isEmpty());
    }

    private Future<Void> keep(String token, long turn, String document, boolean isCheckpoint) {
        KeepSession step = new KeepSession(new KeptSession(turn, document), ttlMs, isCheckpoint);
        keeping++;
        return this.<Void>call(() -> sessions.submitToKey(SessionDocument.digest(token), step))
                .onComplete(done -> keeping--);
    }

    /** Whether sessions are being kept: clients that were sent away have nothing else here. On the adapter's event loop. */
    boolean isBusy() {
        return keeping > 0;
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
