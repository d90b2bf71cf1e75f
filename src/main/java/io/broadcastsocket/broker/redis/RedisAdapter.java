package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.ChannelRules;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * Everything that talks to Redis, on one event loop.
 *
 * <p>{@link #open}, {@link #retire} and {@link #close} on that loop; the rest is thread-safe.
 */
public final class RedisAdapter {
    private final Crossing crossing = new Crossing();
    private final NodeMail mail;
    private final Ingest ingest;
    private final RedisBroker broker;
    private final RedisSessionStore sessions;
    private Links links;

    /** @param sessionTtlMs how long a session waits for its client, milliseconds */
    public RedisAdapter(RedisSettings settings, ChannelRules rules, long sessionTtlMs) {
        this.mail = new NodeMail(settings);
        this.ingest = new Ingest(settings);
        this.broker = new RedisBroker(settings, rules, crossing, mail, ingest);
        this.sessions = new RedisSessionStore(settings, sessionTtlMs, crossing, mail);
    }

    public Broker broker() {
        return broker;
    }

    public SessionStore sessions() {
        return sessions;
    }

    /**
     * Begins to connect; what is asked before there is a connection waits, for a while.
     *
     * @param context of the bridge's event loop
     * @param surrender saves the session with a token and ends its connection, if this node has it
     */
    public void open(Vertx vertx, Context context, Function<String, Future<Void>> surrender) {
        links = broker.open(vertx);
        sessions.open(links);
        mail.open(links, surrender);
        mail.linksChanged();
        crossing.open(vertx, context);
        ingest.open(vertx, links, broker::append);
    }

    /** Leaves to other nodes what this one does for all; what is under way ends by itself. */
    public void retire() {
        ingest.close();
    }

    /** Whether something is under way that should not be cut off. */
    public boolean isBusy() {
        return links.isBusy();
    }

    /** Ends all connections. */
    public void close() {
        links.close();
    }
}
