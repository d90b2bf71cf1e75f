package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.SessionTakeover;
import io.broadcastsocket.broker.SessionTakeover.Queued;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The sessions in Redis, where every node finds them: those of clients that are away, and checkpoints of the others in case
 * their node dies.
 *
 * <p>Thread-safe: everything is done on the bridge's event loop. A key holds a digest of the token, so that whoever reads the
 * keys cannot resume a session.
 */
final class RedisSessionStore implements SessionStore, SessionTakeover.Store {
    private final RedisSettings settings;
    private final long ttlMs;
    private final Keys keys;
    private final Crossing crossing;
    private final NodeMail mail;

    private final SessionTakeover takeover;

    // Set once in open()
    private Links links;

    /** @param ttlMs how long a session waits for its client, milliseconds */
    RedisSessionStore(RedisSettings settings, long ttlMs, Crossing crossing, NodeMail mail) {
        this.settings = settings;
        this.ttlMs = ttlMs;
        this.keys = new Keys(settings.prefix());
        this.crossing = crossing;
        this.mail = mail;
        this.takeover = new SessionTakeover(settings.nodeId(), this);
    }

    /** On the bridge's event loop, once. */
    void open(Links opened) {
        links = opened;
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
        String key = keys.session(name);
        return links.run(key, Scripts.SESSION_TAKE, List.of(key), link -> new Object[] {attempt, Math.max(1, ttlMs)})
                .map(reply -> reply.get(0).toString().isEmpty()
                        ? Queued.NOWHERE
                        : new Queued(
                                Optional.of(new JsonObject(reply.get(0).toString())),
                                reply.get(1).toLong(),
                                words(reply.get(2).toString())));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    /** What a node has, it saves here. */
    @Override
    public Future<Optional<JsonObject>> askToSurrender(String node, SessionTurn wanted, String attempt) {
        return mail.askToSurrender(node, wanted, attempt).map(saved -> Optional.empty());
    }

    @Override
    public Future<Void> saveAway(String name) {
        return mail.saveAway(SessionTurn.whichever(name));
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        return write(name(session.token()), session.turn(), SessionDocument.encode(session, node));
    }

    private Future<Void> write(String name, long turn, JsonObject document) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        String key = keys.session(name);
        return takeover.during(
                name,
                links.run(key, Scripts.SESSION_WRITE, List.of(key), link ->
                                new Object[] {turn, document.encode(), ttlMs})
                        .mapEmpty());
    }

    /** What other nodes have to wait for. */
    Future<Void> settled(String name, String attempt) {
        return takeover.settled(name, attempt);
    }
}
