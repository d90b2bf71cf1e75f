package io.broadcastsocket.http;

import static io.broadcastsocket.http.HttpApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestEvents;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /events}: server-sent events with exact resumption. */
class HttpEventsIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                new JsonObject("{\"history\":{\"size\":10},\"heartbeat\":{\"intervalMs\":200,\"timeoutMs\":100}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void eventsOfSeveralChannelsComeInOneStream() {
        try (TestEvents events = open("channel=a1&channel=a2&channel=a1", null)) {
            assertThat(events.response().headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(events.response().headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(events.next("open").json().getInteger("channels")).isEqualTo(2);
            publish("a2", 1);
            publish("a1", 2);
            JsonObject first = events.next("message").json();
            assertThat(first.getString("channel")).isEqualTo("a2");
            assertThat(first.getInteger("data")).isEqualTo(1);
            assertThat(first.getLong("offset")).isEqualTo(1);
            assertThat(events.next("message").json().getString("channel")).isEqualTo("a1");
        }
    }

    @Test
    void aStreamGoesOnExactlyAfterTheLastEventId() {
        String id;
        try (TestEvents events = open("channel=b1&channel=b2", null)) {
            events.next("open");
            publish("b1", 1);
            publish("b2", 1);
            publish("b1", 2);
            events.next("message");
            events.next("message");
            id = events.next("message").id();
        }
        publish("b1", 3);
        publish("b2", 2);
        try (TestEvents events = open("channel=b1&channel=b2", id)) {
            assertThat(events.next("open").id()).isEqualTo(id);
            JsonObject one = events.next("message").json();
            JsonObject two = events.next("message").json();
            assertThat(java.util.Set.of(
                            one.getString("channel") + one.getLong("offset"),
                            two.getString("channel") + two.getLong("offset")))
                    .containsExactlyInAnyOrder("b13", "b22");
            publish("b1", 4);
            assertThat(events.next("message").json().getLong("offset")).isEqualTo(4);
        }
    }

    @Test
    void theIdOfOpenIsAlreadyAPosition() {
        String id;
        try (TestEvents events = open("channel=c", null)) {
            id = events.next("open").id();
        }
        publish("c", 1);
        try (TestEvents events = open("channel=c", id)) {
            events.next("open");
            assertThat(events.next("message").json().getLong("offset")).isEqualTo(1);
        }
    }

    @Test
    void whatIsTrimmedIsAGapEventAndNotSkippedByTheIdBeforeIt() {
        String id;
        try (TestEvents events = open("channel=d", null)) {
            events.next("open");
            publish("d", 1);
            id = events.next("message").id();
        }
        LongStream.rangeClosed(2, 15).forEach(n -> publish("d", n));
        for (int i = 0; i < 2; i++) {
            try (TestEvents events = open("channel=d", id)) {
                assertThat(events.next("open").id())
                        .as("a client that is cut off here must meet the gap again")
                        .isEqualTo(id);
                TestEvents.Event gap = events.next("gap");
                assertThat(gap.json().getString("channel")).isEqualTo("d");
                assertThat(gap.json().getLong("from")).isEqualTo(2);
                assertThat(gap.json().getLong("to")).isEqualTo(5);
                assertThat(gap.json().getString("reason")).isEqualTo("trimmed");
                assertThat(gap.id()).endsWith(":5");
                assertThat(events.next("message").json().getLong("offset")).isEqualTo(6);
            }
        }
    }

    @Test
    void dataWithLineEndsArrivesWhole() {
        try (TestEvents events = open("channel=e", null)) {
            events.next("open");
            server.postJson("/broadcast", "{\"channel\":\"e\",\"data\":{\n  \"n\":\r\n 1,\r\"s\":\"a\\nb\"}}");
            JsonObject data = events.next("message").json().getJsonObject("data");
            assertThat(data).isEqualTo(new JsonObject().put("n", 1).put("s", "a\nb"));
        }
    }

    @Test
    void anIdleStreamIsKeptAlive() {
        try (TestEvents events = open("channel=f", null)) {
            assertThat(events.nextComment()).isEqualTo(": ping");
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() {
        for (int port : new int[] {server.port(), server.apiPort()}) {
            try (TestEvents events = TestEvents.open(port, "channel=g", null)) {
                events.next("open");
                Awaitility.await()
                        .untilAsserted(() -> assertThat(subscribers("g")).isEqualTo(1));
            }
            Awaitility.await().untilAsserted(() -> assertThat(subscribers("g")).isZero());
        }
        Awaitility.await().untilAsserted(() -> assertThat(
                        new JsonObject(server.get("/health").body()).getInteger("connections"))
                .isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "channel=", "channel=a%20b", "channel=a+b", "channel=$canary"})
    void channelsMustBeNamed(String query) {
        assertProblem(server.get("/events?" + query), 400, "invalid-channel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "e:1;e:2", "e:-1", "e:", "e:x"})
    void anIdOfSomethingElseIsRefused(String id) {
        assertProblem(
                TestServer.send(server.request("/events?channel=h")
                        .header("Last-Event-ID", id)
                        .build()),
                400,
                "invalid-request");
    }

    private static int subscribers(String channel) {
        return new JsonObject(server.get("/stats").body())
                .getJsonArray("channels").stream()
                        .map(JsonObject.class::cast)
                        .filter(each -> each.getString("channel").equals(channel))
                        .mapToInt(each -> each.getInteger("subscribers"))
                        .sum();
    }

    private static void publish(String channel, long data) {
        server.postJson(
                "/broadcast",
                new JsonObject().put("channel", channel).put("data", data).encode());
    }

    private static TestEvents open(String query, String lastEventId) {
        return TestEvents.open(server.port(), query, lastEventId);
    }
}
