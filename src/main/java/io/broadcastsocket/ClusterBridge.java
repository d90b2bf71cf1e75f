package io.broadcastsocket;

import io.broadcastsocket.broker.cluster.ClusterAdapter;
import io.broadcastsocket.broker.cluster.ClusterControl;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * The only verticle that talks to other nodes of the cluster: an event loop with the logs, sessions and announcements, or only with
 * control where another broker has these.
 *
 * <p>It stops when nobody on this node needs it any more; the cluster is left after that.
 */
abstract class ClusterBridge extends VerticleBase {
    private final long stopMs;
    private final LocalNode local;

    private ClusterBridge(LocalNode local, long stopMs) {
        this.local = local;
        this.stopMs = stopMs;
    }

    /** @param stopMs how long it waits for connections when it stops */
    static ClusterBridge of(ClusterAdapter adapter, LocalNode local, long stopMs) {
        return new ClusterBridge(local, stopMs) {
            @Override
            public Future<?> start() {
                return adapter.open(vertx, context, local);
            }

            @Override
            boolean isBusy() {
                return adapter.isBusy();
            }

            @Override
            void close() {
                adapter.close();
            }
        };
    }

    /** @param stopMs how long it waits for connections when it stops */
    static ClusterBridge of(ClusterControl control, LocalNode local, long stopMs) {
        return new ClusterBridge(local, stopMs) {
            @Override
            public Future<?> start() {
                return control.open(vertx, context, local);
            }

            @Override
            boolean isBusy() {
                return false;
            }

            @Override
            void close() {
                control.close();
            }
        };
    }

    /** Whether something is under way that should not be cut off. */
    abstract boolean isBusy();

    abstract void close();

    @Override
    public Future<?> stop() {
        return new Quiescence(vertx, () -> local.isConnected() || isBusy(), stopMs)
                .await()
                .onComplete(free -> close());
    }
}
