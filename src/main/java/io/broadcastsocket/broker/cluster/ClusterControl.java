package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.Crossing;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;

/**
 * A cluster beside another broker: nodes ask each other what they have, and to end connections; no publication goes over it.
 *
 * <p>{@link #open} and {@link #close} on its event loop; the rest is thread-safe.
 */
public final class ClusterControl {
    private final Crossing crossing = new Crossing();
    private final ClusterMembership membership;
    private final ClusterCensus census;
    private Cluster cluster;

    /** @param broker has the logs */
    public ClusterControl(ClusterMembership membership, Broker broker) {
        this.membership = membership;
        this.census = new ClusterCensus(crossing, broker);
    }

    public ClusterView cluster() {
        return census;
    }

    /** Completes when other nodes can reach this one. */
    public Future<Void> open(Vertx vertx, Context context, Local local) {
        cluster = new Cluster(
                vertx,
                context,
                membership.hazelcast(),
                membership.settings(),
                channels -> Future.succeededFuture(Map.of()));
        census.open(cluster, local);
        return cluster.open().onSuccess(reachable -> crossing.open(vertx, context));
    }

    public void close() {
        cluster.close();
    }
}
