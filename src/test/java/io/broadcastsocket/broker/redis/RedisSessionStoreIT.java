package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.SessionStoreContract;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.testing.redis.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisSessionStoreIT extends SessionStoreContract {
    private static RedisServer server;
    private static List<BridgeNode> nodes;

    @BeforeAll
    static void open() {
        server = RedisServer.start();
        nodes = Stream.generate(() -> BridgeNode.open(server.url(), 10))
                .limit(3)
                .toList();
    }

    @AfterAll
    static void close() {
        nodes.forEach(BridgeNode::close);
        server.close();
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
