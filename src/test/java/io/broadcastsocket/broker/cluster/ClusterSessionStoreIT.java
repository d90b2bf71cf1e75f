package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.SessionStoreContract;
import io.broadcastsocket.model.SessionSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ClusterSessionStoreIT extends SessionStoreContract {
    private static List<ClusterNode> nodes;

    @BeforeAll
    static void open() {
        nodes = ClusterNode.open(3, 10);
    }

    @AfterAll
    static void close() {
        nodes.forEach(ClusterNode::close);
    }

    @Override
    protected Map<String, SessionSnapshot> connected(int node) {
        return nodes.get(node).connected;
    }

    @Override
    protected SessionStore store(int node) {
        return nodes.get(node).sessions();
    }
}
