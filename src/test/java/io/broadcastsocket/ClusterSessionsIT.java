package io.broadcastsocket;

import io.broadcastsocket.broker.cluster.KeptSessions;
import io.broadcastsocket.testing.ClusterConfig;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Nodes with nothing beside them. */
class ClusterSessionsIT extends SessionsOverNodes {
    private static List<JsonObject> configs;
    private static TestServer one;
    private static TestServer two;

    @BeforeAll
    static void start() {
        configs = ClusterConfig.of(3);
        one = TestServer.start(configs.get(0));
        two = TestServer.start(configs.get(1));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Override
    TestServer one() {
        return one;
    }

    @Override
    TestServer two() {
        return two;
    }

    @Override
    ServerProcess third() {
        JsonObject config = configs.get(2).copy().put("host", "127.0.0.1").put("port", 0);
        return ServerProcess.launch(Map.of("BROADCAST_API_PORT", "0"), "--conf", ServerProcess.conf(config.encode()));
    }

    @Override
    String durability() {
        return "replicated";
    }

    @Override
    boolean isKept(String... words) {
        return KeptSessions.have(words);
    }
}
