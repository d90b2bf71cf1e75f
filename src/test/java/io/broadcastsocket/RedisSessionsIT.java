package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes that share nothing but Redis. */
class RedisSessionsIT extends SessionsOverNodes {
    private static RedisServer redis;
    private static TestServer one;
    private static TestServer two;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        one = TestServer.start(new JsonObject().put("redisUrl", redis.url()));
        two = TestServer.start(new JsonObject().put("redisUrl", redis.url()));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    @Test
    void aSessionThatIsNotKeptIsTakenOverOnItsNodeAllTheSame() {
        try (TestServer node = TestServer.start(new JsonObject()
                        .put("redisUrl", redis.url())
                        .put("session", new JsonObject().put("ttlMs", 0)));
                TestClient old = node.connect()) {
            old.subscribe("kept-nowhere");
            try (TestClient fresh = node.connect("/?session=" + old.session())) {
                assertThat(fresh.welcome().getBoolean("resumed")).isTrue();
                assertThat(fresh.welcome().getJsonObject("subscriptions").fieldNames())
                        .contains("kept-nowhere");
                assertThat(old.awaitClose()).isEqualTo(4100);
            }
        }
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
        return ServerProcess.launch(
                Map.of("REDIS_URL", redis.url()), "--conf", ServerProcess.conf("{\"host\":\"127.0.0.1\"}"));
    }

    @Override
    String durability() {
        return "redis";
    }

    @Override
    boolean isKept(String... words) {
        return ((List<?>) redis.cli("KEYS", "broadcast:session:*"))
                .stream()
                        .map(key -> String.valueOf(redis.cli("GET", key.toString())))
                        .anyMatch(document -> Stream.of(words).allMatch(document::contains));
    }
}
