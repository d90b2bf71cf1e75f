package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerContract;
import io.broadcastsocket.testing.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The Redis broker against a real server. */
class RedisBrokerIT extends BrokerContract {
    private static RedisServer server;
    private BridgeNode node;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.cli("FLUSHALL");
        node = BridgeNode.open(server.url(), HISTORY_SIZE);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Override
    protected Broker broker() {
        return node.broker();
    }

    @Override
    protected void loseEverything() {
        server.cli("FLUSHALL");
    }

    @Override
    protected void expireHistories() {
        server.cli("PEXPIRE", "test:{a}:log", "1");
        org.awaitility.Awaitility.await()
                .until(() -> server.cli("EXISTS", "test:{a}:log").equals(0L));
    }
}
