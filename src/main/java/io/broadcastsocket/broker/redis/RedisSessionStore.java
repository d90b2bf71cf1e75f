package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Optional;

/**
 * The sessions in Redis, where every node finds them: those of clients that are away, and checkpoints of the others in case
 * their node dies.
 *
 * <p>Thread-safe: everything is done on the bridge's event loop. A key holds a digest of the token, so that whoever reads the
 * keys cannot resume a session.
 */
final class RedisSessionStore implements SessionStore {
    private final RedisSettings settings;
    private final long ttlMs;
    private final Keys keys;
    private final Crossing crossing;
    private final NodeMail mail;

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
    public Future<Optional<SessionSnapshot>> take(String token) {
        return crossing.call(() -> read(token).compose(found -> {
            String owner = found.map(SessionDocument::owner).orElse("");
            if (owner.isEmpty() || owner.equals(settings.nodeId())) {
                return Future.succeededFuture(found.map(json -> SessionDocument.decode(token, json)));
            }
            // The owner may be alive and know better where the session stands; when it is dead, nobody answers.
            return mail.askToSurrender(owner, token)
                    .compose(surrendered -> read(token))
                    .map(last -> last.or(() -> found).map(json -> SessionDocument.decode(token, json)));
        }));
    }

    private Future<Void> write(SessionSnapshot session, String node) {
        if (ttlMs == 0) {
            return Future.succeededFuture();
        }
        String key = keys.session(SessionDocument.digest(session.token()));
        return links.run(key, Scripts.SESSION_WRITE, List.of(key), link -> new Object[] {
                    session.turn(), SessionDocument.encode(session, node).encode(), ttlMs
                })
                .mapEmpty();
    }

    private Future<Optional<JsonObject>> read(String token) {
        String key = keys.session(SessionDocument.digest(token));
        return links.call(key, link -> link.send(Request.cmd(Command.GETDEL).arg(key)))
                .map(text -> Optional.ofNullable(text).map(json -> new JsonObject(json.toString())));
    }
}
