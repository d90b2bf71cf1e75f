package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ClusterConfig;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With Redis as the broker, the cluster carries control, and no publication. */
class ClusterWithRedisIT {
    private static final List<TestServer> NODES = new ArrayList<>();
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        ClusterConfig.of(2).forEach(config -> NODES.add(TestServer.start(config.put("redisUrl", redis.url()))));
    }

    @AfterAll
    static void stop() {
        NODES.forEach(TestServer::close);
        redis.close();
    }

    @Test
    void eachMessageArrivesOnceAndIsKeptByRedis() {
        try (TestClient here = NODES.get(0).connect();
                TestClient there = NODES.get(1).connect()) {
            here.subscribe("both");
            there.subscribe("both");
            for (int i = 0; i < 20; i++) {
                JsonObject ack = here.broadcast("both", i);
                assertThat(ack.getJsonObject("data").getString("durability")).isEqualTo("redis");
            }
            here.broadcast("both", "last");
            List<Object> got = IntStream.range(0, 21)
                    .mapToObj(i -> there.awaitMessage("both").getValue("data"))
                    .toList();
            assertThat(got).hasSize(21).doesNotHaveDuplicates().endsWith("last");
            assertThat(there.drain()).isEmpty();
        }
    }

    @Test
    void theClusterTellsOfAllNodesAndDisconnectsAnywhere() {
        try (TestClient there = NODES.get(1).connect()) {
            there.subscribe("control");
            Awaitility.await().untilAsserted(() -> {
                JsonObject stats =
                        new JsonObject(NODES.get(0).get("/stats?scope=cluster").body());
                assertThat(stats.getJsonArray("nodes")).hasSize(2);
                assertThat(stats.getJsonArray("channels").encode()).contains("control");
            });
            assertThat(TestServer.send(NODES.get(0)
                                    .request("/clients/" + there.clientId())
                                    .DELETE()
                                    .build())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(there.awaitClose()).isEqualTo(4101);
        }
    }
}
