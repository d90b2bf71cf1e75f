package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published while Redis is away. */
class RedisQueueIT {
    private RedisServer redis;
    private final List<TestServer> nodes = new ArrayList<>();

    @BeforeEach
    void startRedis() {
        redis = RedisServer.builder().appendOnly().start();
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestServer::close);
        redis.close();
    }

    private TestServer node(JsonObject queue) {
        JsonObject config = Service.config(redis.url());
        config.getJsonObject("redis").put("queue", queue);
        TestServer node = TestServer.start(config);
        nodes.add(node);
        await("it is ready", () -> Service.problems(node).equals("[]"));
        return node;
    }

    private static void await(String what, BooleanSupplier reached) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(10))
                .until(reached::getAsBoolean);
    }

    private void loseRedis(TestServer node) {
        redis.kill();
        await("it notices", () -> Service.stats(node).getLong("linkLosses") > 0);
    }

    private static JsonObject broadcast(String messageId) {
        return new JsonObject()
                .put("type", "broadcast")
                .put("channel", "news")
                .put("messageId", messageId)
                .put("data", messageId);
    }

    private static JsonObject reply(TestClient client, String messageId) {
        return client.await(message ->
                messageId.equals(message.getString("messageId")) && !"message".equals(message.getString("type")));
    }

    private static JsonArray history(TestServer node) {
        return new JsonObject(node.get("/channels/news/history").body()).getJsonArray("publications");
    }

    private static double metric(TestServer node, String name) {
        return node.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    @Test
    void publicationsWaitInOrderAndAreAcknowledgedOnceTheyAreInTheLog() {
        TestServer node = node(new JsonObject());
        try (TestClient client = node.connect()) {
            loseRedis(node);
            IntStream.range(0, 100).forEach(i -> client.send(broadcast("m" + i)));
            await("they wait", () -> Service.stats(node).getLong("queueMessages") >= 100);
            assertThat(Service.stats(node).getLong("queueBytes")).isBetween(390L, 2000L);
            assertThat(metric(node, "broadcast_broker_queue_messages")).isGreaterThanOrEqualTo(100);
            assertThat(client.drain())
                    .noneMatch(message -> message.getString("type").equals("ack"));
            redis.restart();
            for (int i = 0; i < 100; i++) {
                JsonObject ack = client.awaitType("ack");
                assertThat(ack.getString("messageId")).isEqualTo("m" + i);
                assertThat(ack.getJsonObject("data").getLong("offset")).isEqualTo(i + 1);
                assertThat(ack.getJsonObject("data").getString("durability")).isEqualTo("redis");
            }
            assertThat(Service.stats(node).getLong("queueBytes")).isLessThan(100);
            assertThat(Service.stats(node).getLong("queueRefusals")).isZero();
        }
    }

    @Test
    void beyondItsNumberTheyFailAtOnceAndThoseBeforeStillWait() {
        TestServer node = node(new JsonObject().put("messages", 10));
        try (TestClient client = node.connect()) {
            loseRedis(node);
            IntStream.range(0, 20).forEach(i -> client.send(broadcast("m" + i)));
            JsonObject refused = reply(client, "m19");
            assertThat(refused.getString("type")).isEqualTo("error");
            assertThat(refused.getJsonObject("data").getString("code")).isEqualTo("unavailable");
            assertThat(refused.getJsonObject("data").getLong("retryAfterMs")).isBetween(1L, 5000L);
            HttpResponse<String> http = node.postJson("/broadcast", "{\"channel\": \"news\", \"data\": 1}");
            assertThat(http.statusCode()).isEqualTo(503);
            assertThat(http.headers().firstValue("Retry-After")).isPresent();
            assertThat(new JsonObject(http.body()).getLong("retryAfterMs")).isPositive();
            assertThat(Service.stats(node).getLong("queueMessages")).isEqualTo(10);
            assertThat(metric(node, "broadcast_broker_queue_refusals")).isGreaterThanOrEqualTo(11);
            redis.restart();
            assertThat(reply(client, "m0").getString("type")).isEqualTo("ack");
            await(
                    "it takes publications",
                    () -> node.postJson("/broadcast", "{\"channel\": \"news\", \"data\": 1}")
                                    .statusCode()
                            == 200);
        }
    }

    @Test
    void beyondTheirBytesTheyFail() {
        TestServer node = node(new JsonObject().put("bytes", 2000));
        try (TestClient client = node.connect()) {
            loseRedis(node);
            client.send(broadcast("m1").put("data", "x".repeat(1500)));
            client.send(broadcast("m2").put("data", "x".repeat(1500)));
            client.send(broadcast("m3"));
            assertThat(reply(client, "m2").getString("type")).isEqualTo("error");
            redis.restart();
            assertThat(reply(client, "m1").getString("type")).isEqualTo("ack");
            assertThat(reply(client, "m3").getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void beyondTheirTimeTheyFailAndNothingOfThemIsLeft() {
        TestServer node = node(new JsonObject().put("ms", 500));
        try (TestClient client = node.connect()) {
            loseRedis(node);
            client.send(broadcast("m1"));
            JsonObject refused = reply(client, "m1");
            assertThat(refused.getJsonObject("data").getString("code")).isEqualTo("unavailable");
            assertThat(Service.stats(node).getLong("queueMessages")).isLessThanOrEqualTo(1);
            redis.restart();
            await("it is ready", () -> Service.problems(node).equals("[]"));
            assertThat(history(node)).isEmpty();
            assertThat(client.request(broadcast("m1")).getJsonObject("data").getBoolean("duplicate"))
                    .isFalse();
        }
    }

    @Test
    void whatAClientSendsAgainAcrossACrashIsOnePublication() {
        TestServer first = node(new JsonObject());
        TestServer second = node(new JsonObject());
        try (TestClient before = first.connect();
                TestClient after = second.connect()) {
            before.request(broadcast("m1"));
            loseRedis(first);
            before.send(broadcast("m1"));
            before.send(broadcast("m2"));
            after.send(broadcast("m2"));
            after.send(broadcast("m2"));
            redis.restart();
            assertThat(reply(before, "m1").getJsonObject("data").getBoolean("duplicate"))
                    .isTrue();
            JsonObject one = reply(before, "m2").getJsonObject("data");
            JsonObject other = reply(after, "m2").getJsonObject("data");
            JsonObject third = reply(after, "m2").getJsonObject("data");
            assertThat(List.of(one.getLong("offset"), other.getLong("offset"), third.getLong("offset")))
                    .containsOnly(2L);
            assertThat(List.of(
                            one.getBoolean("duplicate"), other.getBoolean("duplicate"), third.getBoolean("duplicate")))
                    .containsOnlyOnce(false);
        }
        assertThat(history(second)).hasSize(2);
    }

    @Test
    void whatRedisDidWithoutBeingAbleToSaySoIsOnePublication() {
        TestServer node = node(new JsonObject());
        try (TestClient client = node.connect()) {
            redis.pause();
            client.send(broadcast("m1"));
            client.send(broadcast("m2"));
            await("it notices", () -> Service.stats(node).getLong("linkLosses") > 0);
            client.send(broadcast("m3"));
            redis.resume();
            for (int i = 1; i <= 3; i++) {
                assertThat(reply(client, "m" + i).getJsonObject("data").getLong("offset"))
                        .isEqualTo(i);
            }
        }
        assertThat(history(node)).hasSize(3);
    }

    @Test
    void aNodeStartsWithoutRedisSaysWhyItIsNotReadyAndHealsByItself() {
        redis.stop();
        TestServer node = TestServer.start(Service.config(redis.url()));
        nodes.add(node);
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(503);
        await("it says why", () -> Service.problems(node).contains("no connection to 127.0.0.1:" + redis.port()));
        assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(node.get("/health").body()).contains("degraded", "no connection to");
        redis.restart();
        await("it is ready", () -> Service.problems(node).equals("[]"));
        try (TestClient client = node.connect()) {
            client.subscribe("news");
            client.broadcast("news", 1);
            client.awaitMessage("news");
        }
    }
}
