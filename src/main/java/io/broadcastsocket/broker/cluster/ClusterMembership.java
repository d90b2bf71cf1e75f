package io.broadcastsocket.broker.cluster;

import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/**
 * This node's place in a cluster, from before Vert.x starts: Vert.x joins with it, and the broker works with it then.
 *
 * <p>Thread-safe.
 */
public final class ClusterMembership {
    /** Changes whenever nodes no longer understand each other's logs, sessions or messages. */
    static final String VERSION = "1";

    private final ClusterSettings settings;
    private final HazelcastClusterManager manager;

    /** @param ended is run when the member has ended: because the node stops, or because it could not go on */
    public ClusterMembership(ClusterSettings settings, Runnable ended) {
        this.settings = settings;
        LifecycleListener listener = event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN) {
                ended.run();
            }
        };
        this.manager =
                new HazelcastClusterManager(MemberConfig.of(settings).addListenerConfig(new ListenerConfig(listener)));
    }

    /** What Vert.x joins with. */
    public ClusterManager manager() {
        return manager;
    }

    public ClusterSettings settings() {
        return settings;
    }

    /** Only after Vert.x has started. */
    HazelcastInstance hazelcast() {
        return manager.getHazelcastInstance();
    }
}
