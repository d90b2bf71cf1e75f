package io.broadcastsocket.broker.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The configuration of Hazelcast.
 *
 * <p>What is not set here is Hazelcast's default, which is made for data grids: slow to notice a dead member, listening
 * everywhere, calling home.
 */
final class MemberConfig {
    /** The map of the logs, by channel. */
    static final String LOGS = "logs";

    /** The map of the sessions, by a digest of their token. */
    static final String SESSIONS = "sessions";

    /** Member attributes. */
    static final String NODE = "broadcast.node";

    static final String VERSION = "broadcast.version";
    static final String RULES = "broadcast.rules";

    /** A copy that does not confirm within this time has to be asked again; repeating a step does no harm. */
    private static final int COPY_DEADLINE_MS = 1000;

    private static final String ANY = "0.0.0.0";
    private static final String QUORUM = "quorum";

    private MemberConfig() {}

    static Config of(ClusterSettings settings) {
        Config config = new Config().setClusterName(settings.name());
        config.getMemberAttributeConfig()
                .setAttribute(NODE, settings.nodeId())
                .setAttribute(VERSION, ClusterMembership.VERSION)
                .setAttribute(RULES, settings.rules());
        Lapses.configure(config, settings.quorum());
        config.getSerializationConfig().addDataSerializableFactory(Types.FACTORY, new Types());
        properties(config, settings);
        network(config.getNetworkConfig(), settings);
        maps(config, settings);
        return config;
    }

    private static void properties(Config config, ClusterSettings settings) {
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty(
                        "hazelcast.socket.bind.any",
                        Boolean.toString(settings.host().equals(ANY)))
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                // Nodes that start together find each other while they ask who is there; nobody waits for more.
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(seconds(settings.failureMs())))
                .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "20")
                // What is not confirmed is a failure, and asked again under the same number.
                .setProperty("hazelcast.operation.fail.on.indeterminate.state", "true")
                .setProperty("hazelcast.operation.backup.timeout.millis", Integer.toString(COPY_DEADLINE_MS))
                .setProperty("hazelcast.operation.call.timeout.millis", "10000")
                .setProperty("hazelcast.partition.backup.sync.interval", "5")
                .setProperty("hazelcast.operation.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2")
                .setProperty("hazelcast.io.thread.count", "1")
                .setProperty("hazelcast.event.thread.count", "1");
    }

    private static long seconds(long ms) {
        return Math.max(1, (ms + 999) / 1000);
    }

    private static void network(NetworkConfig network, ClusterSettings settings) {
        network.setPort(settings.port()).setPortAutoIncrement(false);
        if (!settings.host().equals(ANY)) {
            network.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
        }
        if (!settings.publicHost().isEmpty()) {
            network.setPublicAddress(settings.publicHost() + ":" + settings.port());
        }
        ClusterSettings.Join how = settings.join();
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig()
                .setEnabled(how.kind() == ClusterSettings.Join.Kind.MULTICAST)
                .setMulticastGroup(how.group())
                .setMulticastPort(how.groupPort());
        join.getTcpIpConfig()
                .setEnabled(how.kind() == ClusterSettings.Join.Kind.PEERS)
                .setConnectionTimeoutSeconds(2)
                .setMembers(how.peers());
        join.getKubernetesConfig()
                .setEnabled(how.kind() == ClusterSettings.Join.Kind.KUBERNETES)
                .setProperty("service-dns", how.service())
                .setProperty("service-port", Integer.toString(settings.port()));
    }

    /** Hazelcast takes the numbers of an address, not its name. */
    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void maps(Config config, ClusterSettings settings) {
        // Whichever side of a split is smaller gives up what it has; it had no quorum, or its epochs are its own.
        MergePolicyConfig discard = new MergePolicyConfig(DiscardMergePolicy.class.getName(), 100);
        config.addMapConfig(new MapConfig(LOGS)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setBackupCount(1)
                .setStatisticsEnabled(false)
                .setMergePolicyConfig(discard));
        MapConfig sessions = new MapConfig(SESSIONS)
                .setBackupCount(1)
                .setStatisticsEnabled(false)
                .setMergePolicyConfig(discard);
        config.addMapConfig(sessions);
        // The logs check for themselves. One member is always a quorum of one, which Hazelcast does not see.
        if (settings.quorum() > 1) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(QUORUM, true, settings.quorum()));
            sessions.setSplitBrainProtectionName(QUORUM);
        }
        // As in the cluster manager's own configuration.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    }
}
