package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
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
final class RedisSessionStore implements SessionStore {
    private static final long MARKED_MS = 30_000;

    /**
     * What a take found.
     *
     * @param node that the client is connected to, or that has taken it up last; empty for none
     */
    private record Found(Optional<JsonObject> session, String node) {
        static Found of(Response reply) {
            String text = reply.get(0).toString();
            String taker = reply.get(1).toString();
            if (!text.isEmpty()) {
                JsonObject session = new JsonObject(text);
                return new Found(Optional.of(session), SessionDocument.owner(session));
            }
            return new Found(Optional.empty(), taker.substring(0, Math.max(0, taker.lastIndexOf('/'))));
        }
    }

    private final RedisSettings settings;
    private final long ttlMs;
    private final Keys keys;
    private final Crossing crossing;
    private final NodeMail mail;

    // Bridge's event loop only
    private long attempts;

    // Set once in open()
    private Links links;

    /** @param ttlMs how long a session waits for its client, milliseconds */
    RedisSessionStore(RedisSettings settings, long ttlMs, Crossing crossing, NodeMail mail) {
        this.settings = settings;
        this.ttlMs = ttlMs;
        this.keys = new Keys(settings.prefix());
        this.crossing = crossing;
        this.mail = mail;
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
    public boolean outlivesNode() {
        return true;
    }

    @Override
    public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        return crossing.call(() -> mark(token)
                .compose(found -> isWanted.getAsBoolean() ? last(token, found) : giveBack(token, found))
                .map(session -> session.map(json -> SessionDocument.decode(token, json))));
    }

    /** Nobody waits for it any more, and whoever has it may keep it. */
    private Future<Optional<JsonObject>> giveBack(String token, Found found) {
        return found.session()
                .map(json -> write(token, json.getLong("turn", 0L), json, false))
                .orElse(Future.succeededFuture())
                .map(back -> Optional.empty());
    }

    /** What the node that has it knows better, if it lives; when it is dead, nobody answers. */
    private Future<Optional<JsonObject>> last(String token, Found found) {
        return found.node().isEmpty() || found.node().equals(settings.nodeId())
                ? Future.succeededFuture(found.session())
                : mail.askToSurrender(found.node(), token)
                        .compose(surrendered -> mark(token))
                        .map(last -> last.session().or(found::session));
    }

    private Future<Found> mark(String token) {
        String key = keys.session(SessionDocument.digest(token));
        String attempt = settings.nodeId() + "/" + ++attempts;
        return links.run(key, Scripts.SESSION_TAKE, List.of(key), link -> new Object[] {attempt, MARKED_MS})
                .map(Found::of);
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        return write(session.token(), session.turn(), SessionDocument.encode(session, node), !node.isEmpty());
    }

    private Future<Void> write(String token, long turn, JsonObject document, boolean isCheckpoint) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        String key = keys.session(SessionDocument.digest(token));
        return links.run(key, Scripts.SESSION_WRITE, List.of(key), link ->
                        new Object[] {turn, document.encode(), ttlMs, isCheckpoint ? 1 : 0})
                .mapEmpty();
    }
}
