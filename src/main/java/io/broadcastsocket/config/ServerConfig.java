package io.broadcastsocket.config;

import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.RedisUrl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration after it was checked; {@code config.schema.json} documents every value.
 *
 * <p>Immutable, thread-safe. Times are milliseconds, sizes bytes.
 *
 * @param workers at least 1
 */
public record ServerConfig(
        Mode mode,
        String host,
        int port,
        int workers,
        boolean publicApi,
        boolean demo,
        int trustedProxyHops,
        Set<String> origins,
        Api api,
        Limits limits,
        Heartbeat heartbeat,
        Sessions sessions,
        Presence presence,
        ChannelRules channels,
        SlowConsumer slowConsumer,
        BrokerMemory broker,
        Optional<Redis> redis,
        Cluster cluster,
        Shutdown shutdown,
        Supervision supervision) {

    /** What the server is run for. */
    public enum Mode {
        DEVELOPMENT,
        PRODUCTION
    }

    public record Api(String host, int port, List<String> keys, long maxBodyBytes) {
        public Api {
            keys = List.copyOf(keys);
        }
    }

    public record Limits(
            int connections,
            int channelsPerConnection,
            int messageBytes,
            long broadcastsPerMinute,
            int commandsPerSecond,
            long handshakeMs,
            long idleMs) {}

    public record Heartbeat(long intervalMs, long timeoutMs) {}

    public record Sessions(long ttlMs, int max, long reconnectSpreadMs) {}

    public record Presence(long lingerMs, long leaseMs, int infoBytes, int changesPerMinute) {}

    public record SlowConsumer(long stalledMs, int tailBytes, int writeBytes) {}

    public record BrokerMemory(long deduplicationMs, int deduplicationEntries, long positionMs, long historyBytes) {}

    /** The Redis bridge; {@code queue} are the bounds of the publications that wait for Redis. */
    public record Redis(
            RedisUrl url,
            String prefix,
            String caFile,
            long probeMs,
            long deadlineMs,
            long waitMs,
            long lingerMs,
            boolean ingest,
            Queue queue) {
        public record Queue(int messages, long bytes, long ms) {}
    }

    /**
     * The cluster of nodes; {@code queue} are the bounds of the publications that wait for it.
     *
     * @param members how many nodes there are when all are there, at least 1
     * @param quorum fewer than these accept nothing, at least 1
     */
    public record Cluster(
            boolean enabled,
            String name,
            String host,
            String publicHost,
            int port,
            int busPort,
            Join join,
            List<String> peers,
            String multicastGroup,
            int multicastPort,
            String service,
            int members,
            int quorum,
            long failureMs,
            long lingerMs,
            Queue queue) {
        /** How nodes find each other. */
        public enum Join {
            PEERS,
            MULTICAST,
            KUBERNETES
        }

        public record Queue(int messages, long bytes, long ms) {}

        public Cluster {
            peers = List.copyOf(peers);
        }
    }

    public record Shutdown(long deadlineMs, long spreadMs) {}

    public record Supervision(long probeMs, long blockedMs, long backoffMs) {}

    public ServerConfig {
        origins = Set.copyOf(origins);
    }
}
