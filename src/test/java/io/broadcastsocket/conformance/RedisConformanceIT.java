package io.broadcastsocket.conformance;

import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every scenario of the conformance suite with the log in Redis: only the word for the durability differs. */
class RedisConformanceIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @TestFactory
    Stream<DynamicTest> theServerDoesWhatTheProtocolSaysOnRedisToo() {
        return Scenario.all().stream()
                .map(scenario -> scenario.withDurability("redis"))
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.name() + ": " + scenario.title(), scenario.source(), () -> play(scenario)));
    }

    private static void play(Scenario scenario) {
        JsonObject config = scenario.config()
                .copy()
                .put("redisUrl", redis.url())
                .put("redis", new JsonObject().put("prefix", scenario.name()));
        try (TestServer server = TestServer.start(config);
                ScenarioRunner runner = new ScenarioRunner(server)) {
            runner.play(scenario);
        }
    }
}
