package io.broadcastsocket;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.cluster.ClusterSettings;
import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.broker.memory.MemoryClusterView;
import io.broadcastsocket.broker.memory.MemoryLimits;
import io.broadcastsocket.broker.memory.MemoryPresenceStore;
import io.broadcastsocket.broker.memory.MemorySessionStore;
import io.broadcastsocket.broker.redis.RedisSettings;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.stats.Metrics;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Where publications, sessions and members are kept, and what other nodes tell.
 *
 * @param expire forgets what has expired; called regularly, not on an event loop
 */
record Backend(Broker broker, SessionStore sessions, PresenceStore presence, ClusterView cluster, Runnable expire) {
    /** In the memory of this process. */
    static Backend memory(
            ServerConfig config,
            InstantSource clock,
            String incarnation,
            Metrics metrics,
            Supplier<Future<NodeCensus>> census) {
        ServerConfig.BrokerMemory limits = config.broker();
        MemoryBroker broker = new MemoryBroker(
                config.channels(),
                new MemoryLimits(
                        limits.deduplicationMs(),
                        limits.deduplicationEntries(),
                        limits.positionMs(),
                        limits.historyBytes()),
                clock,
                incarnation);
        MemorySessionStore sessions = new MemorySessionStore(
                config.sessions().ttlMs(), config.sessions().max(), clock);
        metrics.gauge("sessions_waiting", sessions, MemorySessionStore::size);
        return new Backend(
                broker, sessions, new MemoryPresenceStore(broker), new MemoryClusterView(census, broker), () -> {
                    broker.expire();
                    sessions.expire();
                });
    }

    /** How this node is part of a cluster. */
    static ClusterSettings settings(ServerConfig config, String nodeId) {
        ServerConfig.Cluster cluster = config.cluster();
        ServerConfig.BrokerMemory limits = config.broker();
        String rules = config.channels() + " " + limits + " " + cluster.members() + " " + cluster.quorum();
        return new ClusterSettings(
                nodeId,
                cluster.name(),
                cluster.host(),
                cluster.publicHost(),
                cluster.port(),
                new ClusterSettings.Join(
                        ClusterSettings.Join.Kind.valueOf(cluster.join().name()),
                        cluster.peers(),
                        cluster.multicastGroup(),
                        cluster.multicastPort(),
                        cluster.service()),
                cluster.members(),
                cluster.quorum(),
                cluster.failureMs(),
                cluster.lingerMs(),
                config.presence().lingerMs(),
                new ClusterSettings.Queue(
                        cluster.queue().messages(),
                        cluster.queue().bytes(),
                        cluster.queue().ms()),
                limits.deduplicationMs(),
                limits.deduplicationEntries(),
                limits.positionMs(),
                limits.historyBytes(),
                Integer.toHexString(rules.hashCode()));
    }

    /** How the bridge talks to Redis. */
    static RedisSettings settings(ServerConfig config, ServerConfig.Redis redis, String nodeId) {
        return new RedisSettings(
                redis.url(),
                nodeId,
                redis.prefix(),
                redis.caFile(),
                redis.probeMs(),
                redis.deadlineMs(),
                redis.waitMs(),
                redis.lingerMs(),
                new RedisSettings.Queue(
                        redis.queue().messages(),
                        redis.queue().bytes(),
                        redis.queue().ms()),
                config.broker().deduplicationMs(),
                config.broker().positionMs(),
                new RedisSettings.Presence(
                        config.presence().leaseMs(), config.presence().lingerMs()),
                redis.ingest(),
                config.limits().messageBytes());
    }
}
