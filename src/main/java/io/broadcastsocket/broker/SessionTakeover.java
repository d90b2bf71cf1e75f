package io.broadcastsocket.broker;

import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes sessions that all nodes can find, each once. An attempt marks the session as taken; until its connection has kept it anew,
 * others that come for it ask the node of that attempt, which gives away what it has. What an attempt has marked that failed, or
 * whose node has died, the next one takes.
 *
 * <p>Event loop only.
 */
public final class SessionTakeover {
    /**
     * What a store has found.
     *
     * @param session what is marked as taken by this attempt now, if there was something to take
     * @param taker the attempt that had marked it before; empty for none
     */
    public record Marked(Optional<JsonObject> session, String taker) {}

    /** Where sessions are kept, and how other nodes are reached. */
    public interface Store {
        /**
         * Marks the session with this token as taken; the same attempt gets it again.
         *
         * @param attempt unique; the node's id and a number
         * @param over another attempt that may be replaced; empty for none
         */
        Future<Marked> mark(String token, String attempt, String over);

        /** Puts back what was marked, as its connection left it. */
        Future<Void> putBack(String token, JsonObject session);

        /** Asks a node, also this one, for what it has; empty when it has nothing. Fails when it lives and does not answer. */
        Future<Optional<JsonObject>> askToSurrender(String node, String token);
    }

    private final String nodeId;
    private final Store store;
    private final Map<String, List<Future<?>>> underWay = new HashMap<>();
    private long attempts;

    public SessionTakeover(String nodeId, Store store) {
        this.nodeId = nodeId;
        this.store = store;
    }

    /** Whoever asks about this session meanwhile waits for this. */
    public <T> Future<T> during(String token, Future<T> work) {
        if (!work.isComplete()) {
            underWay.computeIfAbsent(token, first -> new ArrayList<>(1)).add(work);
            work.onComplete(done -> underWay.computeIfPresent(token, (key, all) -> {
                all.remove(work);
                return all.isEmpty() ? null : all;
            }));
        }
        return work;
    }

    /** Completes when everything is done that is under way about this session now. */
    public Future<Void> settled(String token) {
        List<Future<?>> all = underWay.get(token);
        return all == null
                ? Future.succeededFuture()
                : Future.join(List.copyOf(all)).<Void>mapEmpty().otherwiseEmpty();
    }

    /** Whether something is under way. */
    public boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** See {@link SessionStore#take}. */
    public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        // What this node does about it already comes first: it is asked about that as others are.
        Future<Void> before = settled(token);
        return during(
                token,
                before.compose(done -> store.mark(token, attempt(), ""))
                        .compose(marked -> isWanted.getAsBoolean() ? last(token, marked) : putBack(token, marked)));
    }

    private String attempt() {
        return nodeId + "/" + ++attempts;
    }

    /** Nobody waits for it any more, and whoever has it may keep it. */
    private Future<Optional<SessionSnapshot>> putBack(String token, Marked marked) {
        return marked.session()
                .map(session -> store.putBack(token, session))
                .orElse(Future.succeededFuture())
                .map(back -> Optional.empty());
    }

    private Future<Optional<SessionSnapshot>> last(String token, Marked marked) {
        return marked.session().isPresent()
                ? known(token, marked.session().get())
                : marked.taker().isEmpty() ? Future.succeededFuture(Optional.empty()) : held(token, marked.taker());
    }

    /** What was kept, or what the node that the client is connected to knows better, or what that connection has left meanwhile. */
    private Future<Optional<SessionSnapshot>> known(String token, JsonObject session) {
        String owner = SessionDocument.owner(session);
        Optional<SessionSnapshot> kept = Optional.of(SessionDocument.decode(token, session));
        return owner.isEmpty()
                ? Future.succeededFuture(kept)
                : store.askToSurrender(owner, token)
                        .compose(given -> given.isPresent()
                                ? Future.succeededFuture(given)
                                : store.mark(token, attempt(), "").map(Marked::session))
                        .map(later -> later.map(json -> SessionDocument.decode(token, json))
                                .or(() -> kept))
                        .otherwise(kept);
    }

    /** What the connection of another attempt has, or has left; when that has failed, or its node has died, what it had taken. */
    private Future<Optional<SessionSnapshot>> held(String token, String holder) {
        String node = holder.substring(0, Math.max(0, holder.lastIndexOf('/')));
        return store.askToSurrender(node, token)
                .compose(given -> given.isPresent()
                        ? Future.succeededFuture(given.map(session -> SessionDocument.decode(token, session)))
                        : store.mark(token, attempt(), holder).map(marked -> marked.session()
                                .map(session -> marked.taker().isEmpty()
                                        ? SessionDocument.decode(token, session)
                                        : SessionDocument.decodeTaken(token, session))));
    }
}
