package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.ChannelRules;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Everything that needs the other nodes of the cluster, on one event loop.
 *
 * <p>{@link #open} and {@link #close} on that loop; the rest is thread-safe.
 */
public final class ClusterAdapter {
    /** How long a read or a subscription waits while the cluster does not answer. */
    private static final long WAIT_MS = 5000;

    private final Crossing crossing = new Crossing();
    private final ClusterMembership membership;
    private final ChannelRules rules;
    private final ClusterBroker broker;
    private final ClusterSessionStore sessions;
    private final ClusterPresenceStore presence;
    private final ClusterCensus census;
    private Cluster cluster;

    /**
     * Logs, sessions and control.
     *
     * @param sessionTtlMs how long a session waits for its client, milliseconds
     */
    public ClusterAdapter(ClusterMembership membership, ChannelRules rules, long sessionTtlMs) {
        this.membership = membership;
        this.rules = rules;
        this.broker = new ClusterBroker(membership.settings(), rules, crossing);
        this.sessions = new ClusterSessionStore(membership.settings(), sessionTtlMs, crossing);
        this.presence = new ClusterPresenceStore(membership.settings(), crossing);
        this.census = new ClusterCensus(crossing, broker);
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
        return census;
    }

    /** Completes when other nodes can reach this one. */
    public Future<Void> open(Vertx vertx, Context context, Local local) {
        ClusterSettings settings = membership.settings();
        HazelcastInstance hazelcast = membership.hazelcast();
        LogMap logs = new LogMap(vertx, context, hazelcast, WAIT_MS);
        Epochs epochs = new Epochs(settings.nodeId());
        Tops tops = new Tops(settings, rules, logs, epochs);
        logs.renewBy(tops::renew);
        cluster = new Cluster(vertx, context, hazelcast, settings, tops::of);
        sessions.open(cluster, hazelcast, local);
        census.open(cluster, local);
        broker.open(cluster, logs, tops, epochs);
        presence.open(vertx, cluster, logs, tops, epochs);
        return cluster.open().onSuccess(reachable -> crossing.open(vertx, context));
    }

    /** Whether something is under way that should not be cut off; on the event loop. */
    public boolean isBusy() {
        return broker.isBusy() || sessions.isBusy();
    }

    public void close() {
        cluster.close();
    }
}
