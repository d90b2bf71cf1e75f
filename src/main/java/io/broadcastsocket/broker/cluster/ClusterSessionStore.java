package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.SessionTakeover;
import io.broadcastsocket.broker.SessionTakeover.Queued;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
final class ClusterSessionStore implements SessionStore, SessionTakeover.Store {
    private static final String SURRENDER = "surrender";
    private static final String SESSION = "session";
    private static final long SURRENDER_MS = 1000;
    private static final long ANSWER_MS = 2000;

    /** Each may take a second or two, until it is certain that there is no answer. */
    private static final int TRIES = 3;

    private static final long RETRY_AFTER_MS = 1000;

    private final ClusterSettings settings;
    private final long ttlMs;
    private final Crossing crossing;

    private final SessionTakeover takeover;

    // Set once in open()
    private Cluster cluster;
    private Local here;
    private IMap<String, KeptSession> sessions;

    /** @param ttlMs how long a session waits for its client, milliseconds */
    ClusterSessionStore(ClusterSettings settings, long ttlMs, Crossing crossing) {
        this.settings = settings;
        this.ttlMs = ttlMs;
        this.crossing = crossing;
        this.takeover = new SessionTakeover(settings.nodeId(), this);
    }

    /** On the adapter's event loop, once, before the cluster is open. */
    void open(Cluster opened, HazelcastInstance hazelcast, Local local) {
        cluster = opened;
        sessions = hazelcast.getMap(MemberConfig.SESSIONS);
        here = local;
        cluster.bus().answer(SURRENDER, question -> {
            return surrender(
                            new SessionTurn(question.getString(SESSION), question.getLong("turn")),
                            question.getString("attempt"))
                    .map(session -> new JsonObject().put(SESSION, session.orElse(null)));
        });
    }

    private Future<Optional<JsonObject>> surrender(SessionTurn wanted, String attempt) {
        return takeover.settled(wanted.name(), attempt)
                .compose(done -> here.surrender(wanted))
                .map(session -> session.map(one -> SessionDocument.encode(one, "")));
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
    public String name(String token) {
        return SessionDocument.digest(token);
    }

    @Override
    public boolean outlivesNode() {
        return ttlMs > 0;
    }

    @Override
    public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        return crossing.call(() -> takeover.take(token, isWanted));
    }

    @Override
    public Future<Queued> queue(String name, String attempt) {
        return queue(name, new TakeSession(attempt, ttlMs), TRIES).map(found -> found.map(kept -> new Queued(
                        Optional.of(new JsonObject(kept.document())), kept.turnOf(attempt), kept.before(attempt)))
                .orElse(Queued.NOWHERE));
    }

    /** Again under the same name when it is not certain whether it stands in the queue. */
    private Future<Optional<KeptSession>> queue(String name, TakeSession step, int tries) {
        return call(() -> sessions.submitToKey(name, step))
                .map(Optional::ofNullable)
                .recover(failure -> tries == 1 ? Future.failedFuture(failure) : queue(name, step, tries - 1));
    }

    @Override
    public Future<Void> saveAway(String name) {
        return here.surrender(SessionTurn.whichever(name))
                .compose(found -> found.map(session -> write(session, "")).orElse(Future.succeededFuture()));
    }

    @Override
    public Future<Optional<JsonObject>> askToSurrender(String node, SessionTurn wanted, String attempt) {
        if (node.equals(settings.nodeId())) {
            return surrender(wanted, attempt);
        }
        JsonObject question = new JsonObject()
                .put(SESSION, wanted.name())
                .put("turn", wanted.turn())
                .put("attempt", attempt);
        return !cluster.peers().has(node)
                ? Future.succeededFuture(Optional.empty())
                : cluster.bus()
                        .ask(node, SURRENDER, question, SURRENDER_MS)
                        .map(answer -> Optional.ofNullable(answer.getJsonObject(SESSION)))
                        .recover(ClusterSessionStore::unavailable);
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        return keep(
                name(session.token()),
                session.turn(),
                SessionDocument.encode(session, node).encode());
    }

    private Future<Void> keep(String name, long turn, String document) {
        KeepSession step = new KeepSession(new KeptSession(turn, document), ttlMs);
        return takeover.during(name, call(() -> sessions.submitToKey(name, step)));
    }

    /** Whether sessions are being kept: clients that were sent away have nothing else here. On the adapter's event loop. */
    boolean isBusy() {
        return takeover.isBusy();
    }

    private <T> Future<T> call(Supplier<CompletionStage<T>> call) {
        try {
            Vertx vertx = cluster.vertx();
            Future<T> answer = Future.fromCompletionStage(call.get(), vertx.getOrCreateContext());
            // What is asked can be asked again under the same name; an answer that comes later is not waited for.
            return Deadline.within(vertx, ANSWER_MS, answer).recover(ClusterSessionStore::unavailable);
        } catch (RuntimeException failure) {
            return unavailable(failure);
        }
    }

    private static <T> Future<T> unavailable(Throwable failure) {
        return Future.failedFuture(new BrokerUnavailable(LogMap.reason(failure), RETRY_AFTER_MS, failure));
    }
}
