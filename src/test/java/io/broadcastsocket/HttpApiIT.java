package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP API as backends and operators use it. */
class HttpApiIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject("{\"history\":{\"size\":10},\"api\":{\"maxBodyBytes\":100000}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void healthCountsConnectionsAndReadinessProvesDelivery() {
        try (TestClient client = server.connect()) {
            assertThat(client.clientId()).isNotBlank();
            JsonObject health = json(server.get("/health"));
            assertThat(health.getInteger("connections")).isEqualTo(1);
            assertThat(health.getJsonArray("workers")).hasSize(2);
        }
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        Awaitility.await().untilAsserted(() -> {
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(json(server.get("/health")).getString("status")).isEqualTo("ok");
        });
    }

    @Test
    void aBroadcastReachesSubscribersByteForByte() {
        try (TestClient client = server.connect()) {
            client.subscribe("bytes");
            HttpResponse<String> answer =
                    server.postJson("/broadcast", "{\"channel\":\"bytes\",\"data\":[1.0e400,  12345678901234567890]}");
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonObject accepted = json(answer);
            assertThat(accepted.getBoolean("success")).isTrue();
            assertThat(accepted.getString("durability")).isEqualTo("memory");
            String text = client.awaitText(message -> message.contains("\"type\":\"message\""));
            assertThat(text).contains("\"data\":[1.0e400,  12345678901234567890],");
            assertThat(server.get("/channels/bytes/history").body())
                    .contains("\"data\":[1.0e400,  12345678901234567890]}");
        }
    }

    @Test
    void manyPublicationsToManyChannelsAreAnsweredOneByOne() {
        JsonObject answer = json(server.postJson(
                "/broadcast", " [{\"channel\":\"m1\",\"data\":1},{\"channels\":[\"m1\",\"m2\"],\"data\":2}]"));
        JsonArray results = answer.getJsonArray("results");
        assertThat(results).hasSize(3);
        assertThat(results.getJsonObject(1).getString("channel")).isEqualTo("m1");
        assertThat(results.getJsonObject(1).getLong("offset")).isEqualTo(2);
        assertThat(results.getJsonObject(2).getString("channel")).isEqualTo("m2");
    }

    @Test
    void anIdempotencyKeyPublishesOnce() {
        HttpRequest request = server.request("/broadcast")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Idempotency-Key", "key-1")
                .POST(HttpRequest.BodyPublishers.ofString("{\"channel\":\"once\",\"data\":1}"))
                .build();
        JsonObject first = json(TestServer.send(request));
        JsonObject second = json(TestServer.send(request));
        assertThat(first.getBoolean("duplicate")).isFalse();
        assertThat(second.getBoolean("duplicate")).isTrue();
        assertThat(second.getLong("offset")).isEqualTo(first.getLong("offset"));
        assertThat(first.getString("messageId")).isEqualTo("key-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{|400|invalid-json",
                "~~|400|invalid-request",
                "[]|400|invalid-request",
                "7|400|invalid-request",
                "{\"channel\":\"a\"}|400|invalid-request",
                "{\"channel\":\"a b\",\"data\":1}|400|invalid-channel",
                "{\"channel\":7,\"data\":1}|400|invalid-request"
            })
    void aWrongBodyIsAProblem(String body, int status, String code) {
        HttpResponse<String> answer = server.postJson("/broadcast", body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(answer).getString("code")).isEqualTo(code);
    }

    @Test
    void bodiesTooLargeOrOfTheWrongTypeAreProblems() {
        String large = "{\"data\":\"" + "x".repeat(70_000) + "\"}";
        assertThat(json(server.postJson("/broadcast", large)).getString("code")).isEqualTo("message-too-large");
        String larger = "{\"data\":\"" + "x".repeat(200_000) + "\"}";
        HttpResponse<String> tooLarge = server.postJson("/broadcast", larger);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(json(tooLarge).getString("code")).isEqualTo("body-too-large");
        HttpResponse<String> form = TestServer.send(server.request("/broadcast")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"data\":1}"))
                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(json(server.get("/nope")).getString("code")).isEqualTo("not-found");
        assertThat(server.get("/broadcast").statusCode()).isEqualTo(405);
    }

    @Test
    void historyIsReadPageByPage() {
        for (int i = 1; i <= 15; i++) {
            server.postJson("/broadcast", "{\"channel\":\"a/b:c\",\"data\":" + i + "}");
        }
        String path = "/channels/a%2Fb:c/history";
        JsonObject first = json(server.get(path + "?limit=4"));
        assertThat(first.getJsonArray("publications")).hasSize(4);
        assertThat(first.getJsonArray("publications").getJsonObject(0).getLong("offset"))
                .isEqualTo(6);
        assertThat(first.containsKey("gap")).isFalse();
        JsonObject next = json(server.get(path + "?since=9&epoch=" + first.getString("epoch")));
        assertThat(next.getJsonArray("publications")).hasSize(6);
        assertThat(next.getLong("offset")).isEqualTo(15);
        JsonObject trimmed = json(server.get(path + "?since=2"));
        assertThat(trimmed.getJsonObject("gap").getLong("from")).isEqualTo(3);
        assertThat(trimmed.getJsonObject("gap").getLong("to")).isEqualTo(5);
        assertThat(json(server.get(path + "?since=2&epoch=other"))
                        .getJsonObject("gap")
                        .getString("reason"))
                .isEqualTo("epoch");
        assertThat(server.get(path + "?limit=0").statusCode()).isEqualTo(400);
        assertThat(server.get(path + "?since=x").statusCode()).isEqualTo(400);
    }

    @Test
    void statisticsCountAndPageTheChannels() {
        try (TestClient client = server.connect()) {
            client.subscribe("stats-a");
            client.subscribe("stats-b");
            long before = json(server.get("/stats")).getJsonObject("totals").getLong("published");
            client.broadcast("stats-a", 1);
            server.postJson("/broadcast", "{\"channel\":\"stats-a\",\"data\":1}");
            client.awaitMessage("stats-a");
            JsonObject stats = json(server.get("/stats?limit=1&after=stats-"));
            assertThat(stats.getJsonObject("totals").getLong("published")).isEqualTo(before + 2);
            JsonObject page = stats.getJsonArray("channels").getJsonObject(0);
            assertThat(page.getString("channel")).isEqualTo("stats-a");
            assertThat(page.getInteger("subscribers")).isEqualTo(1);
            assertThat(stats.getString("next")).isEqualTo("stats-a");
            assertThat(stats.getJsonArray("workers")).hasSize(2);
            assertThat(server.get("/stats?limit=-1").statusCode()).isEqualTo(400);
            String metrics = server.get("/metrics").body();
            assertThat(metrics).containsPattern("broadcast_delivered_total\\{worker=\"[01]\"} [1-9]");
            assertThat(metrics).contains("broadcast_node_connections ").contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void aClientCanBeDisconnected() {
        try (TestClient client = server.connect()) {
            assertThat(delete(client.clientId()).statusCode()).isEqualTo(204);
            assertThat(client.awaitClose()).isEqualTo(4101);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(delete(client.clientId()).statusCode()).isEqualTo(404));
        }
    }

    @Test
    void withKeysTheGuardedRoutesWantOne() {
        String key = "0123456789abcdef";
        JsonObject config = new JsonObject()
                .put("mode", "production")
                .put("api", new JsonObject().put("keys", new JsonArray().add(key)));
        try (TestServer production = TestServer.start(config)) {
            assertThat(production.get("/health").statusCode()).isEqualTo(200);
            assertThat(production.get("/stats").statusCode())
                    .as("on the public port")
                    .isEqualTo(404);
            assertThat(TestServer.send(production.apiRequest("/stats").build()).statusCode())
                    .isEqualTo(401);
            assertThat(TestServer.send(production
                                    .apiRequest("/stats")
                                    .header("Authorization", "Bearer " + key + "x")
                                    .build())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(TestServer.send(production
                                    .apiRequest("/stats")
                                    .header("Authorization", "bearer " + key)
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(TestServer.send(production
                                    .apiRequest("/stats")
                                    .header("X-API-Key", key)
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void withoutKeysAForwardedRequestIsNotFromThisMachine() {
        HttpResponse<String> answer = TestServer.send(server.request("/stats")
                .header("X-Forwarded-For", "203.0.113.9")
                .build());
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void foreignOriginsAreRefusedAndAllowedOnesGetTheirHeaders() {
        try (TestServer strict =
                TestServer.start(new JsonObject("{\"cors\":{\"origins\":[\"https://app.example\"]}}"))) {
            assertThat(origin(strict, "https://evil.example").statusCode()).isEqualTo(403);
            HttpResponse<String> allowed = origin(strict, "https://app.example");
            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://app.example");
            HttpResponse<String> preflight = TestServer.send(strict.request("/broadcast")
                    .header("Origin", "https://app.example")
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight
                            .headers()
                            .firstValue("Access-Control-Allow-Methods")
                            .orElse(""))
                    .contains("POST");
            assertThat(origin(strict, "http://127.0.0.1:" + strict.port()).statusCode())
                    .as("its own page")
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> origin(TestServer target, String origin) {
        return TestServer.send(
                target.request("/health").header("Origin", origin).build());
    }

    private static HttpResponse<String> delete(String clientId) {
        return TestServer.send(server.request("/clients/" + clientId).DELETE().build());
    }

    private static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }
}
