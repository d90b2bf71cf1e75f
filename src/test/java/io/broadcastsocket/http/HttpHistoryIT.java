package io.broadcastsocket.http;

import static io.broadcastsocket.http.HttpApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /channels/{channel}/history}, page by page. */
class HttpHistoryIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject("{\"history\":{\"size\":10}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void pagesLeadFromTheOldestToTheNewest() {
        publish("paged", 5);
        JsonObject first = json(server.get("/channels/paged/history?limit=2"));
        assertThat(first.getString("channel")).isEqualTo("paged");
        assertThat(first.getLong("offset")).as("the newest").isEqualTo(5);
        assertThat(offsets(first)).containsExactly(1L, 2L);
        assertThat(first.containsKey("gap")).isFalse();
        String epoch = first.getString("epoch");
        assertThat(offsets(json(server.get("/channels/paged/history?limit=2&since=2&epoch=" + epoch))))
                .containsExactly(3L, 4L);
        assertThat(offsets(json(server.get("/channels/paged/history?since=4"))))
                .as("without an epoch, the current one is meant")
                .containsExactly(5L);
        assertThat(offsets(json(server.get("/channels/paged/history?since=5&epoch=" + epoch))))
                .isEmpty();
    }

    @Test
    void publicationsCarryDataByteForByteAndTheirIds() {
        server.postJson("/broadcast", "{\"channel\":\"raw\",\"data\":{ \"n\" : 1.0 },\"messageId\":\"m1\"}");
        String body = server.get("/channels/raw/history").body();
        assertThat(body).contains("\"data\":{ \"n\" : 1.0 }").contains("\"messageId\":\"m1\"");
    }

    @Test
    void whatIsTrimmedIsAGap() {
        publish("trimmed", 15);
        JsonObject page = json(server.get("/channels/trimmed/history?since=2&limit=3"));
        assertThat(page.getJsonObject("gap"))
                .isEqualTo(new JsonObject()
                        .put("from", 3)
                        .put("to", 5)
                        .put("reason", "trimmed")
                        .put("epoch", page.getString("epoch"))
                        .put("offset", 5));
        assertThat(offsets(page)).containsExactly(6L, 7L, 8L);
        assertThat(json(server.get("/channels/trimmed/history")).containsKey("gap"))
                .as("the oldest there is was asked for")
                .isFalse();
    }

    @Test
    void anotherEpochIsAGapOfUnknownSize() {
        publish("epoch", 2);
        JsonObject page = json(server.get("/channels/epoch/history?since=7&epoch=gone"));
        assertThat(page.getJsonObject("gap").getString("reason")).isEqualTo("epoch");
        assertThat(page.getJsonObject("gap").getLong("from")).isEqualTo(8);
        assertThat(page.getJsonObject("gap").getLong("to")).isEqualTo(7);
        assertThat(offsets(page)).containsExactly(1L, 2L);
    }

    @Test
    void aChannelThatWasNeverUsedIsEmpty() {
        JsonObject page = json(server.get("/channels/never/history"));
        assertThat(page.getLong("offset")).isZero();
        assertThat(page.getJsonArray("publications")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "#room", "user@example.org:5", "a+b=c~d,e", "*", "a.b-c_d"})
    void anyChannelCanBeNamedInAPath(String channel) {
        publish(channel, 1);
        String encoded = URLEncoder.encode(channel, StandardCharsets.UTF_8);
        JsonObject page = json(server.get("/channels/" + encoded + "/history"));
        assertThat(page.getString("channel")).isEqualTo(channel);
        assertThat(offsets(page)).containsExactly(1L);
    }

    @Test
    void aPlusInAPathIsAPlus() {
        publish("x+y", 1);
        assertThat(json(server.get("/channels/x+y/history")).getString("channel"))
                .isEqualTo("x+y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a?limit=0",
                "a?limit=1001",
                "a?limit=x",
                "a?since=-1",
                "a?since=x",
                "a?since=99999999999999999999",
                "a?since=9223372036854775807",
                "a?epoch="
            })
    void aWrongParameterIsAProblem(String channelAndQuery) {
        assertProblem(server.get("/channels/" + channelAndQuery.replace("?", "/history?")), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "$canary", "%00", "%C3%A9"})
    void aWrongNameIsAProblem(String channel) {
        assertProblem(server.get("/channels/" + channel + "/history"), 400, "invalid-channel");
    }

    private static void publish(String channel, int count) {
        for (int i = 1; i <= count; i++) {
            HttpResponse<String> response = server.postJson(
                    "/broadcast",
                    new JsonObject().put("channel", channel).put("data", i).encode());
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    private static List<Long> offsets(JsonObject page) {
        return page.getJsonArray("publications").stream()
                .map(publication -> ((JsonObject) publication).getLong("offset"))
                .toList();
    }

    private static JsonObject json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }
}
