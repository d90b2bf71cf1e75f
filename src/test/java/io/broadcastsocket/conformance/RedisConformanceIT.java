package io.broadcastsocket.conformance;

import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every scenario of the conformance suite with the log in Redis: only the word for the durability differs. {@code REDIS_URL}
 * names another Redis than one of the test's own; keys there have a prefix of this run, and expire.
 */
class RedisConformanceIT {
    private static final String RUN = "conformance-" + UUID.randomUUID() + "-";

    private static RedisServer own;
    private static String url = System.getenv("REDIS_URL");

    @BeforeAll
    static void start() {
        if (url == null) {
            own = RedisServer.start();
            url = own.url();
        }
    }

    @AfterAll
    static void stop() {
        if (own != null) {
            own.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> theServerDoesWhatTheProtocolSaysOnRedisToo() {
        return Scenario.all().stream()
                .map(scenario -> scenario.withDurability("redis"))
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.name() + ": " + scenario.title(), scenario.source(), () -> play(scenario)));
    }

    /** At most 50 characters. */
    private static String prefix(Scenario scenario) {
        return RUN.substring(0, 25) + Integer.toHexString(scenario.name().hashCode());
    }

    private static void play(Scenario scenario) {
        JsonObject config = scenario.config()
                .copy()
                .put("redisUrl", url)
                .put("redis", new JsonObject().put("prefix", prefix(scenario)));
        try (TestServer server = TestServer.start(config);
                ScenarioRunner runner = new ScenarioRunner(server)) {
            runner.play(scenario);
        }
    }
}
