package io.broadcastsocket.http;

import static io.broadcastsocket.http.HttpApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /broadcast} as a backend uses and misuses it. */
class HttpBroadcastIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                new JsonObject("{\"limits\":{\"messageBytes\":2000},\"api\":{\"maxBodyBytes\":4000}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void onePublicationIsAnsweredWithItsPosition() {
        try (TestClient client = server.connect()) {
            String epoch = client.subscribe("one").getJsonObject("data").getString("epoch");
            HttpResponse<String> response = post("{\"channel\":\"one\",\"data\":{\"n\":1},\"messageId\":\"m1\"}");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(new JsonObject(response.body()))
                    .isEqualTo(new JsonObject()
                            .put("success", true)
                            .put("channel", "one")
                            .put("messageId", "m1")
                            .put("epoch", epoch)
                            .put("offset", 1)
                            .put("durability", "memory")
                            .put("duplicate", false));
            JsonObject message = client.awaitMessage("one");
            assertThat(message.getString("messageId")).isEqualTo("m1");
            assertThat(message.getJsonObject("data")).isEqualTo(new JsonObject().put("n", 1));
        }
    }

    @Test
    void withoutAChannelEveryoneGetsIt() {
        try (TestClient client = server.connect()) {
            assertThat(new JsonObject(post("{\"data\":null}").body()).getString("channel"))
                    .isEqualTo("*");
            JsonObject message = client.awaitMessage("*");
            assertThat(message.containsKey("data")).isTrue();
            assertThat(message.getValue("data")).isNull();
        }
    }

    @Test
    void anArrayAndSeveralChannelsAreAnsweredOneByOne() {
        try (TestClient client = server.connect()) {
            client.subscribe("first");
            client.subscribe("second");
            JsonObject answer =
                    new JsonObject(post("[{\"channels\":[\"first\",\"second\"],\"data\":1,\"messageId\":\"m\"},"
                                    + "{\"channel\":\"first\",\"data\":2},{\"channel\":\"first\",\"data\":1,\"messageId\":\"m\"}]")
                            .body());
            assertThat(answer.getBoolean("success")).isTrue();
            List<JsonObject> results = results(answer);
            assertThat(results)
                    .extracting(result -> result.getString("channel"))
                    .containsExactly("first", "second", "first", "first");
            assertThat(results).extracting(result -> result.getLong("offset")).containsExactly(1L, 1L, 2L, 1L);
            assertThat(results)
                    .extracting(result -> result.getBoolean("duplicate"))
                    .containsExactly(false, false, false, true);
            assertThat(client.awaitMessage("second").getInteger("data")).isEqualTo(1);
        }
    }

    @Test
    void severalChannelsOfOneObjectAreAnsweredOneByOneToo() {
        JsonObject answer =
                new JsonObject(post("{\"channels\":[\"x\",\"y\"],\"data\":1}").body());
        assertThat(answer.getJsonArray("results")).hasSize(2);
    }

    @Test
    void dataPassesByteForByte() {
        String data = "{ \"big\" : 123456789012345678901234567890.50, \"é\":\"\\u00e9😀\",\"e\":1E+2 }";
        try (TestClient client = server.connect()) {
            client.subscribe("bytes");
            post("\n {\"channel\":\"bytes\" , \"data\" : " + data + "\n}");
            assertThat(client.awaitText(text -> text.contains("\"message\""))).contains("\"data\":" + data + ",");
        }
    }

    @Test
    void anIdempotencyKeyStandsForTheMessageIdThatIsMissing() {
        String one = "{\"channel\":\"keyed\",\"data\":1}";
        assertThat(new JsonObject(post(one, "key-1").body()).getBoolean("duplicate"))
                .isFalse();
        JsonObject again = new JsonObject(post(one, "key-1").body());
        assertThat(again.getBoolean("duplicate")).isTrue();
        assertThat(again.getLong("offset")).isEqualTo(1);
        assertThat(again.getString("messageId")).isEqualTo("key-1");
        String array = "[{\"channel\":\"keyed\",\"data\":2},{\"channel\":\"keyed\",\"data\":3,\"messageId\":\"own\"}]";
        assertThat(results(new JsonObject(post(array, "key-2").body())))
                .extracting(result -> result.getString("messageId"))
                .containsExactly("key-2#0", "own");
        assertThat(results(new JsonObject(post(array, "key-2").body())))
                .extracting(result -> result.getBoolean("duplicate"))
                .containsExactly(true, true);
    }

    @Test
    void anIdempotencyKeyHasALength() {
        assertProblem(post("{\"data\":1}", "x".repeat(129)), 400, "invalid-request");
    }

    @ParameterizedTest(name = "{0} is {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"data\":               | 400 | invalid-json",
                "{\"data\":01}            | 400 | invalid-json",
                "{\"data\":1} x           | 400 | invalid-json",
                "''                       | 400 | invalid-request",
                "[]                       | 400 | invalid-request",
                "7                        | 400 | invalid-request",
                "[{\"data\":1},7]         | 400 | invalid-request",
                "{}                       | 400 | invalid-request",
                "{\"channel\":\"a\"}      | 400 | invalid-request",
                "{\"channel\":7,\"data\":1} | 400 | invalid-request",
                "{\"channels\":[],\"data\":1} | 400 | invalid-request",
                "{\"messageId\":\"\",\"data\":1} | 400 | invalid-request",
                "{\"messageId\":\"\\ud800\",\"data\":1} | 400 | invalid-request",
                "{\"channel\":\"a b\",\"data\":1} | 400 | invalid-channel",
                "{\"channels\":[\"a\",\"$canary\"],\"data\":1} | 400 | invalid-channel",
            })
    void aWrongBodyIsAProblem(String body, int status, String code) {
        assertProblem(post(body), status, code);
    }

    @Test
    void nothingOfABodyWithAMistakeIsPublished() {
        assertProblem(post("[{\"channel\":\"whole\",\"data\":1},{\"channel\":\"whole\"}]"), 400, "invalid-request");
        assertThat(new JsonObject(post("{\"channel\":\"whole\",\"data\":2}").body()).getLong("offset"))
                .isEqualTo(1);
    }

    @Test
    void nestingIsLimited() {
        assertProblem(post("{\"data\":" + "[".repeat(100) + "]".repeat(100) + "}"), 400, "invalid-json");
        assertThat(post("{\"data\":" + "[".repeat(60) + "]".repeat(60) + "}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void dataAndBodyHaveASize() {
        assertProblem(post("{\"data\":\"" + "x".repeat(2000) + "\"}"), 413, "message-too-large");
        assertThat(post("{\"data\":\"" + "x".repeat(1998) + "\"}").statusCode()).isEqualTo(200);
        assertProblem(post("{\"data\":\"" + "x".repeat(5000) + "\"}"), 413, "body-too-large");
    }

    @Test
    void textThatIsNotUtf8IsRefusedSinceSubscribersCouldNotReadIt() {
        for (byte[] bad :
                new byte[][] {{(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xFF}}) {
            byte[] body = "{\"data\":\"????\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            int start = 9;
            Arrays.fill(body, start, start + 4, (byte) ' ');
            System.arraycopy(bad, 0, body, start, bad.length);
            assertProblem(
                    TestServer.send(request("application/json")
                            .POST(BodyPublishers.ofByteArray(body))
                            .build()),
                    400,
                    "invalid-json");
        }
    }

    @Test
    void onlyJsonIsTaken() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/xml")) {
            assertProblem(
                    TestServer.send(request(type)
                            .POST(BodyPublishers.ofString("{\"data\":1}"))
                            .build()),
                    415,
                    "unsupported-media-type");
        }
        HttpRequest untyped = server.request("/broadcast")
                .POST(BodyPublishers.ofString("{\"data\":1}"))
                .build();
        assertProblem(TestServer.send(untyped), 415, "unsupported-media-type");
        assertThat(TestServer.send(request("application/json; charset=utf-8")
                                .POST(BodyPublishers.ofString("{\"data\":1}"))
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }

    private static List<JsonObject> results(JsonObject answer) {
        JsonArray results = answer.getJsonArray("results");
        return results.stream().map(JsonObject.class::cast).toList();
    }

    private static HttpRequest.Builder request(String type) {
        return server.request("/broadcast").header("Content-Type", type);
    }

    private static HttpResponse<String> post(String body) {
        return server.postJson("/broadcast", body);
    }

    private static HttpResponse<String> post(String body, String key) {
        return TestServer.send(request("application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build());
    }
}
