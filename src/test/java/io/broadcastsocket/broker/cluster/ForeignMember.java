package io.broadcastsocket.broker.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;

/** A member of a cluster that is a server of another version. */
public final class ForeignMember implements AutoCloseable {
    private final HazelcastInstance member;

    private ForeignMember(HazelcastInstance member) {
        this.member = member;
    }

    /** Begins a cluster with this name on a loopback port. */
    public static ForeignMember start(String name, int port) {
        Config config = new Config().setClusterName(name);
        config.getMemberAttributeConfig().setAttribute(MemberConfig.VERSION, "another");
        config.setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + port);
        return new ForeignMember(Hazelcast.newHazelcastInstance(config));
    }

    @Override
    public void close() {
        member.shutdown();
    }
}
