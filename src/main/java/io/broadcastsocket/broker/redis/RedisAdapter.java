package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private final RedisPresenceStore presence;
    private final CensusWriter censusWriter;
    private final CensusReader censusReader;
    private Links links;

    /** @param sessionTtlMs how long a session waits for its client, milliseconds */
    public RedisAdapter(RedisSettings settings, ChannelRules rules, long sessionTtlMs) {
        this.mail = new NodeMail(settings);
        this.ingest = new Ingest(settings);
        this.censusWriter = new CensusWriter(settings);
        this.presence = new RedisPresenceStore(settings, crossing);
        this.broker = new RedisBroker(settings, rules, crossing, mail, ingest, censusWriter, presence);
        this.censusReader = new CensusReader(settings, crossing, broker);
        this.sessions = new RedisSessionStore(settings, sessionTtlMs, crossing, mail);
    }

    public Broker broker() {
        return broker;
    }

    public SessionStore sessions() {
        return sessions;
    }

    public PresenceStore presence() {
        return presence;
    }

    public ClusterView cluster() {
        return censusReader;
    }

    /**
     * Begins to connect; what is asked before there is a connection waits, for a while.
     *
     * @param context of the bridge's event loop
     * @param surrender saves a session and ends its connection, if this node has it
     * @param census asks this node what it has and does; may fail as long as it starts
     */
    public void open(
            Vertx vertx,
            Context context,
            Function<SessionTurn, Future<Void>> surrender,
            Supplier<Future<NodeCensus>> census) {
        links = broker.open(vertx);
        sessions.open(links);
        mail.open(vertx, links, sessions::settled, surrender);
        mail.linksChanged();
        crossing.open(vertx, context);
        ingest.open(vertx, links, broker::append);
        censusReader.open(links);
        censusWriter.open(vertx, links, census);
    }

    /** Leaves to other nodes what this one does for all, and their company; what is under way ends by itself. */
    public void retire() {
        ingest.close();
        censusWriter.close();
    }

    /** Leaves to other nodes the members that this one still has; nobody comes to it any more. */
    public Future<Void> handOver() {
        return presence.handOver();
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
