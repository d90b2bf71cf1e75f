package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
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

    public ClusterMembership(ClusterSettings settings) {
        this.settings = settings;
        this.manager = new HazelcastClusterManager(MemberConfig.of(settings));
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
