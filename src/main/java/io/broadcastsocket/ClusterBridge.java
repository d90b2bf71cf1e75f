package io.broadcastsocket;

import io.broadcastsocket.broker.cluster.ClusterAdapter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.BooleanSupplier;

/**
 * The only verticle that talks to other nodes of the cluster: an event loop with the logs, sessions and announcements.
 *
 * <p>It stops when nobody on this node needs it any more; the cluster is left after that.
 */
final class ClusterBridge extends VerticleBase {
    private final ClusterAdapter adapter;
    private final ClusterAdapter.Local local;
    private final BooleanSupplier isNeeded;
    private final long stopMs;

    /**
     * @param local what this node does when others ask
     * @param isNeeded whether there are connections that still use it
     * @param stopMs how long it waits for them when it stops
     */
    ClusterBridge(ClusterAdapter adapter, ClusterAdapter.Local local, BooleanSupplier isNeeded, long stopMs) {
        this.adapter = adapter;
        this.local = local;
        this.isNeeded = isNeeded;
        this.stopMs = stopMs;
    }

    @Override
    public Future<?> start() {
        return adapter.open(vertx, context, local);
    }

    @Override
    public Future<?> stop() {
        return new Quiescence(vertx, () -> isNeeded.getAsBoolean() || adapter.isBusy(), stopMs)
                .await()
                .onComplete(free -> adapter.close());
    }
}
