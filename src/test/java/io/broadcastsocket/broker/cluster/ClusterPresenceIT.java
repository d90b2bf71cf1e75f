package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.PresenceOverNodesContract;
import io.broadcastsocket.broker.PresenceStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Members on three members of a cluster. */
class ClusterPresenceIT extends PresenceOverNodesContract {
    /** What the members of a node that has left may stay, the looks after that, and a slow machine. */
    private static final Duration WITHIN = Duration.ofMillis(ClusterNode.PRESENCE_LINGER_MS + 10_000 + 5000);

    private List<ClusterNode> nodes;

    @BeforeEach
    void open() {
        nodes = ClusterNode.open(3, 10_000);
    }

    @AfterEach
    void close() {
        nodes.forEach(ClusterNode::close);
    }

    @Override
    protected PresenceStore store() {
        return nodes.get(0).presence();
    }

    @Override
    protected PresenceStore other() {
        return nodes.get(1).presence();
    }

    @Override
    protected Broker log() {
        return nodes.get(0).broker();
    }

    @Override
    protected Duration killOther() {
        nodes.get(1).kill();
        return WITHIN;
    }

    @Override
    protected Duration stopOther() {
        nodes.get(1).close();
        return WITHIN;
    }

    @Override
    protected void loseEverything() {
        nodes.get(0).hazelcast().getMap(MemberConfig.LOGS).clear();
    }

    @Override
    protected void makeUnavailable() {
        nodes.get(1).kill();
        nodes.get(2).kill();
    }
}
