package io.broadcastsocket.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask for: health, statistics, metrics, disconnecting, and errors of the API itself. */
class HttpApiIT {
    private static final Pattern DELIVERED =
            Pattern.compile("(?m)^broadcast_delivered_total\\{worker=\"\\w+\"} (\\S+)$");

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("title")).isNotEmpty();
        assertThat(problem.getString("detail")).isNotEmpty();
    }

    @Test
    void healthTellsTheStatusTheConnectionsAndEachWorker() {
        try (TestClient one = server.connect();
                TestClient two = server.connect()) {
            assertThat(one.clientId()).isNotEqualTo(two.clientId());
            Awaitility.await().untilAsserted(() -> {
                JsonObject health = json(server.get("/health"));
                assertThat(health.getString("status")).isEqualTo("ok");
                assertThat(health.getInteger("connections")).isEqualTo(2);
                assertThat(health.getJsonArray("problems")).isEmpty();
                assertThat(health.getJsonArray("workers")).hasSize(2).allSatisfy(worker -> assertThat(
                                ((JsonObject) worker).getString("state"))
                        .isEqualTo("up"));
            });
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(json(server.get("/health")).getInteger("connections"))
                        .isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
    void healthAnswersHeadLikeGetWithoutABody(String path) {
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> get = server.get(path);
            HttpResponse<String> head = TestServer.send(server.request(path)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(get.statusCode()).isEqualTo(200);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("Content-Type"))
                    .isEqualTo(get.headers().firstValue("Content-Type"));
        });
        try (RawSocket raw = RawSocket.connect(server.port())) {
            raw.write(("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\nHEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.readHead()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(raw.readHead()).as("right after the first head").isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void liveAnswersAtOnceAndReadyWhenDeliveryIsProven() {
        assertThat(json(server.get("/health/live")).getString("status")).isEqualTo("ok");
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> ready = server.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(json(ready).getString("status")).isEqualTo("ready");
            assertThat(json(ready).getLong("lastDeliveryProof")).isPositive();
        });
        long first = json(server.get("/health/ready")).getLong("lastDeliveryProof");
        Awaitility.await("the canary goes on").untilAsserted(() -> assertThat(
                        json(server.get("/health/ready")).getLong("lastDeliveryProof"))
                .isGreaterThan(first));
    }

    @Test
    void aSmallBodyCannotBecomeManyPublications() {
        String channels = "\"channels\":[\"many\"" + ",\"many\"".repeat(399) + "]";
        String one = "{" + channels + ",\"data\":1}";
        assertProblem(server.postJson("/broadcast", "[" + one + "," + one + "," + one + "]"), 400, "invalid-request");
        assertThat(server.get("/channels/many/history").body()).contains("\"publications\":[]");
    }

    @Test
    void statsListTheChannelsPageByPage() {
        try (TestClient one = server.connect();
                TestClient two = server.connect()) {
            List.of("a", "b", "c").forEach(one::subscribe);
            two.subscribe("b");
            JsonObject first = json(server.get("/stats?limit=2"));
            assertThat(first.getInteger("channelCount")).isEqualTo(4);
            assertThat(first.getJsonArray("channels"))
                    .isEqualTo(new JsonArray().add(channel("*", 2)).add(channel("a", 1)));
            assertThat(first.getString("next")).isEqualTo("a");
            JsonObject second = json(server.get("/stats?limit=2&after=" + first.getString("next")));
            assertThat(second.getJsonArray("channels"))
                    .isEqualTo(new JsonArray().add(channel("b", 2)).add(channel("c", 1)));
            assertThat(second.containsKey("next")).isFalse();
            assertThat(json(server.get("/stats?limit=0")).getJsonArray("channels"))
                    .isEmpty();
        }
    }

    /** Workers take turns with every TCP connection, the canary's included, so connects until each has a client. */
    @Test
    void statsCountForEachWorkerAndInTotal() {
        List<TestClient> clients = new ArrayList<>();
        while (workers().anyMatch(worker -> worker.getLong("connections") == 0)) {
            assertThat(clients).as("every connection on the same worker").hasSizeLessThan(50);
            TestClient client = server.connect();
            client.subscribe("counted");
            clients.add(client);
        }
        clients.get(0).broadcast("counted", 1);
        clients.forEach(client -> client.awaitMessage("counted"));
        Awaitility.await().untilAsserted(() -> {
            JsonObject totals = json(server.get("/stats")).getJsonObject("totals");
            assertThat(totals.getLong("connections")).isEqualTo(clients.size());
            assertThat(totals.getLong("commands")).isEqualTo(clients.size() + 1);
            assertThat(totals.getLong("published")).isEqualTo(1);
            assertThat(totals.getLong("subscriptions")).isEqualTo(2L * clients.size());
            assertThat(totals.getLong("delivered")).isEqualTo(clients.size());
            assertThat(sum("connections")).isEqualTo(clients.size());
            assertThat(sum("commands")).isEqualTo(clients.size() + 1);
            assertThat(sum("published")).isEqualTo(1);
            assertThat(workers()).hasSize(2).allSatisfy(worker -> {
                assertThat(worker.getLong("delivered")).isPositive();
                assertThat(worker.getString("thread")).isNotEmpty();
            });
        });
        clients.forEach(TestClient::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1001", "many", ""})
    void aPageOfStatsHasALimit(String limit) {
        assertProblem(server.get("/stats?limit=" + limit), 400, "invalid-request");
    }

    @Test
    void metricsAreInThePrometheusFormatAndDeliveredMoves() {
        HttpResponse<String> before = server.get("/metrics");
        assertThat(before.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(before.body())
                .contains("# TYPE broadcast_delivered_total counter", "# TYPE broadcast_connections gauge")
                .contains("broadcast_ready ", "jvm_memory_used_bytes", "worker=\"0\"", "worker=\"1\"");
        try (TestClient client = server.connect()) {
            client.subscribe("measured");
            double delivered = delivered();
            server.postJson("/broadcast", "{\"channel\":\"measured\",\"data\":1}");
            client.awaitMessage("measured");
            Awaitility.await().untilAsserted(() -> assertThat(delivered()).isGreaterThan(delivered));
        }
    }

    @Test
    void aClientIsDisconnectedOnWhateverWorkerItIs() {
        for (int i = 0; i < 4; i++) {
            try (TestClient client = server.connect()) {
                assertThat(delete("/clients/" + client.clientId()).statusCode()).isEqualTo(204);
                assertThat(client.awaitClose()).isEqualTo(4101);
                assertThat(client.closeReason()).isEqualTo("disconnected");
                assertProblem(delete("/clients/" + client.clientId()), 404, "no-such-client");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /nothing,            404, not-found",
        "POST,   /,                   405, method-not-allowed",
        "GET,    /channels/a,         404, not-found",
        "GET,    /broadcast,          405, method-not-allowed",
        "POST,   /stats,              405, method-not-allowed",
        "DELETE, /channels/a/history, 405, method-not-allowed",
        "GET,    /clients/a,          405, method-not-allowed",
    })
    void whatIsNotThereIsAProblem(String method, String path, int status, String code) {
        assertProblem(
                TestServer.send(server.request(path)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build()),
                status,
                code);
    }

    @Test
    void aPathThatCannotBeDecodedIsAProblem() {
        try (RawSocket raw = RawSocket.connect(server.port())) {
            raw.write("GET /channels/%zz/history HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.readHead()).isEqualTo("HTTP/1.1 400 Bad Request");
        }
    }

    private Stream<JsonObject> workers() {
        return json(server.get("/stats")).getJsonArray("workers").stream().map(JsonObject.class::cast);
    }

    private long sum(String counter) {
        return workers().mapToLong(worker -> worker.getLong(counter)).sum();
    }

    private double delivered() {
        return DELIVERED
                .matcher(server.get("/metrics").body())
                .results()
                .map(MatchResult::group)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private HttpResponse<String> delete(String path) {
        return TestServer.send(server.request(path).DELETE().build());
    }

    private static JsonObject channel(String name, int subscribers) {
        return new JsonObject().put("channel", name).put("subscribers", subscribers);
    }

    private static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }
}
