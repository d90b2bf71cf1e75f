package io.broadcastsocket.broker;

import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes sessions that all nodes can find, so that at most one connection has each. Attempts at a session queue up: the store puts
 * each behind those before it, with a turn of its own, and each gets the session from the one before it, wherever that is. Since
 * nobody waits for a later turn, two that come at once never wait for each other. Of an attempt that has failed, or whose node has
 * died, there is nothing to get, and the one before that is asked.
 *
 * <p>Event loop only.
 */
public final class SessionTakeover {
    /**
     * What a store has found, and where the attempt stands.
     *
     * @param session what was kept last; empty when nothing was
     * @param turn of this attempt; what its connection keeps has this turn
     * @param before the attempts before it, in their order, of which no connection has kept anything yet; each turn is one less
     */
    public record Queued(Optional<JsonObject> session, long turn, List<String> before) {
        /** There is no session. */
        public static final Queued NOWHERE = new Queued(Optional.empty(), 0, List.of());

        private long turnOf(int earlier) {
            return turn - before.size() + earlier;
        }
    }

    /** Where sessions are kept, by a digest of their token, and how nodes are reached. */
    public interface Store {
        /**
         * Puts an attempt at the end of the queue for a session, or finds it where it stands.
         *
         * @param attempt unique; the node's id and a number
         */
        Future<Queued> queue(String name, String attempt);

        /**
         * Asks a node, also this one, for what a connection has; empty when it has nothing, or has saved it here. Fails when the
         * node lives and does not answer.
         *
         * @param attempt the attempt that the connection may have it by; empty when it is none of the queue
         */
        Future<Optional<JsonObject>> askToSurrender(String node, SessionTurn wanted, String attempt);

        /** Saves what a connection of this node has, if there is one. */
        Future<Void> saveAway(String name);
    }

    /** What concerns a session whichever attempt it is about. */
    private static final String ANY = "";

    private static final long RETRY_AFTER_MS = 1000;

    private final String nodeId;
    private final Store store;

    /** By name, then by attempt. */
    private final Map<String, Map<String, List<Future<?>>>> underWay = new HashMap<>();

    private long attempts;

    public SessionTakeover(String nodeId, Store store) {
        this.nodeId = nodeId;
        this.store = store;
    }

    /** Whoever asks this node about this session meanwhile waits for this. */
    public <T> Future<T> during(String name, Future<T> work) {
        return during(name, ANY, work);
    }

    private <T> Future<T> during(String name, String attempt, Future<T> work) {
        if (!work.isComplete()) {
            underWay.computeIfAbsent(name, first -> new HashMap<>(2))
                    .computeIfAbsent(attempt, first -> new ArrayList<>(1))
                    .add(work);
            work.onComplete(done -> underWay.computeIfPresent(name, (key, attempts) -> {
                attempts.computeIfPresent(attempt, (which, all) -> {
                    all.remove(work);
                    return all.isEmpty() ? null : all;
                });
                return attempts.isEmpty() ? null : attempts;
            }));
        }
        return work;
    }

    /**
     * Completes when this node can be asked for what it has by this attempt: when that has ended, and so has every write. It does
     * not wait for later attempts, which may wait for whoever asks.
     */
    public Future<Void> settled(String name, String attempt) {
        Map<String, List<Future<?>>> all = underWay.getOrDefault(name, Map.of());
        List<Future<?>> awaited = new ArrayList<>(all.getOrDefault(ANY, List.of()));
        if (!attempt.isEmpty()) {
            awaited.addAll(all.getOrDefault(attempt, List.of()));
        }
        return awaited.isEmpty()
                ? Future.succeededFuture()
                : Future.join(awaited).<Void>mapEmpty().otherwiseEmpty();
    }

    /** Whether something is under way. */
    public boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** See {@link SessionStore#take}. */
    public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        if (!isWanted.getAsBoolean()) {
            return Future.succeededFuture(Optional.empty());
        }
        String name = SessionDocument.digest(token);
        String attempt = nodeId + "/" + ++attempts;
        Promise<Optional<SessionSnapshot>> taken = Promise.promise();
        during(name, attempt, taken.future());
        store.queue(name, attempt)
                .compose(queued ->
                        queued.session().isPresent() ? Future.succeededFuture(queued) : notKeptYet(name, attempt))
                .compose(queued -> queued.session().isPresent()
                        ? new Queue(token, name, attempt, queued).session().map(Optional::of)
                        : Future.succeededFuture(Optional.<SessionSnapshot>empty()))
                .onComplete(taken);
        return taken.future();
    }

    /** A session so young that it was not kept yet is known on its node only, which may be this one. */
    private Future<Queued> notKeptYet(String name, String attempt) {
        return during(name, store.saveAway(name)).compose(saved -> store.queue(name, attempt));
    }

    /** The way of one attempt back through those before it. */
    private final class Queue {
        private final String token;
        private final String name;
        private final String attempt;
        private final Queued queued;
        private JsonObject kept;

        Queue(String token, String name, String attempt, Queued queued) {
            this.token = token;
            this.name = name;
            this.attempt = attempt;
            this.queued = queued;
            this.kept = queued.session().orElseThrow();
        }

        Future<SessionSnapshot> session() {
            return before(queued.before().size() - 1).map(found -> found.before(queued.turn()));
        }

        private Future<SessionSnapshot> before(int earlier) {
            if (earlier < 0) {
                return first();
            }
            String other = queued.before().get(earlier);
            return store.askToSurrender(nodeOf(other), new SessionTurn(name, queued.turnOf(earlier)), other)
                    .compose(given -> given.isPresent()
                            ? found(given.get())
                            : readAgain()
                                    .compose(read -> SessionDocument.turn(kept) >= queued.turnOf(earlier)
                                            ? Future.succeededFuture(left())
                                            : before(earlier - 1)));
        }

        /** What was kept before all of them, or what the node that the client is connected to knows better. */
        private Future<SessionSnapshot> first() {
            String owner = SessionDocument.owner(kept);
            return owner.isEmpty()
                    ? Future.succeededFuture(left())
                    : store.askToSurrender(owner, new SessionTurn(name, SessionDocument.turn(kept)), ANY)
                            .otherwise(Optional.empty())
                            .compose(given -> given.isPresent()
                                    ? found(given.get())
                                    : readAgain().map(read -> left()));
        }

        private Future<SessionSnapshot> found(JsonObject session) {
            return Future.succeededFuture(SessionDocument.decode(token, session));
        }

        /** What was kept; of those after it that have left nothing, one may have written to its client. */
        private SessionSnapshot left() {
            return SessionDocument.turn(kept) + 1 >= queued.turn()
                    ? SessionDocument.decode(token, kept)
                    : SessionDocument.decodeTaken(token, kept);
        }

        /** A connection that was asked may have saved what it had, or ended before. */
        private Future<Void> readAgain() {
            return store.queue(name, attempt).compose(now -> {
                if (now.session().isPresent() && now.turn() != queued.turn()) {
                    return Future.failedFuture(new BrokerUnavailable("a later attempt has it", RETRY_AFTER_MS, null));
                }
                kept = now.session().orElse(kept);
                return Future.succeededFuture();
            });
        }
    }

    private static String nodeOf(String attempt) {
        return attempt.substring(0, Math.max(0, attempt.lastIndexOf('/')));
    }
}
