package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Server-sent events. */
class EventsIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject("{\"history\":{\"size\":5}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One event with its lines of data. */
    private record Event(String type, String id, List<String> data) {}

    /** A client of the stream; every read has a deadline. */
    private static final class Stream implements AutoCloseable {
        private final HttpURLConnection connection;
        private final BufferedReader reader;

        Stream(String query, String lastEventId) throws IOException {
            connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + server.port() + "/events" + query)
                    .toURL()
                    .openConnection();
            connection.setReadTimeout(10_000);
            if (lastEventId != null) {
                connection.setRequestProperty("Last-Event-ID", lastEventId);
            }
            reader = connection.getResponseCode() == 200
                    ? new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))
                    : null;
        }

        Event next() throws IOException {
            String type = "";
            String id = "";
            List<String> data = new ArrayList<>();
            while (true) {
                String line = reader.readLine();
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data.add(line.substring(6));
                } else if (line.isEmpty() && !type.isEmpty()) {
                    return new Event(type, id, data);
                }
            }
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }

    @Test
    void aReconnectedStreamGoesOnWhereItWas() throws IOException {
        String query = "?channel=s1&channel=s2";
        String lastId;
        try (Stream stream = new Stream(query, null)) {
            assertThat(stream.next().type()).isEqualTo("open");
            publish("s1", "{\"a\":\n1}");
            Event event = stream.next();
            assertThat(event.type()).isEqualTo("message");
            assertThat(event.data()).hasSize(2);
            assertThat(new JsonObject(String.join("\n", event.data())).getLong("offset"))
                    .isEqualTo(1);
            lastId = event.id();
        }
        publish("s2", "2");
        publish("s1", "3");
        try (Stream stream = new Stream(query, lastId)) {
            assertThat(stream.next().type()).isEqualTo("open");
            List<String> channels = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                channels.add(new JsonObject(stream.next().data().get(0)).getString("channel"));
            }
            assertThat(channels).containsExactlyInAnyOrder("s1", "s2");
        }
    }

    @Test
    void whatTheHistoryHasNoMoreIsAGapEvent() throws IOException {
        String lastId;
        try (Stream stream = new Stream("?channel=gaps", null)) {
            lastId = stream.next().id();
        }
        for (int i = 0; i < 8; i++) {
            publish("gaps", Integer.toString(i));
        }
        try (Stream stream = new Stream("?channel=gaps", lastId)) {
            stream.next();
            Event gap = stream.next();
            assertThat(gap.type()).isEqualTo("gap");
            JsonObject data = new JsonObject(gap.data().get(0));
            assertThat(data.getLong("from")).isEqualTo(1);
            assertThat(data.getLong("to")).isEqualTo(3);
            assertThat(new JsonObject(stream.next().data().get(0)).getLong("offset"))
                    .isEqualTo(4);
        }
    }

    @Test
    void aClosedStreamLeavesNothingBehind() throws IOException {
        try (Stream stream = new Stream("?channel=left", null)) {
            stream.next();
            assertThat(subscribers()).isEqualTo(1);
        }
        Awaitility.await().untilAsserted(() -> assertThat(subscribers()).isZero());
    }

    @Test
    void wrongRequestsAreProblems() throws IOException {
        assertThat(server.get("/events").statusCode()).isEqualTo(400);
        assertThat(server.get("/events?channel=a%20b").statusCode()).isEqualTo(400);
        try (Stream stream = new Stream("?channel=a", "nonsense")) {
            assertThat(stream.connection.getResponseCode()).isEqualTo(400);
        }
    }

    private static void publish(String channel, String data) {
        server.postJson("/broadcast", "{\"channel\":\"" + channel + "\",\"data\":" + data + "}");
    }

    private static int subscribers() {
        return new JsonObject(server.get("/stats?after=lef&limit=1").body())
                .getJsonArray("channels").stream()
                        .map(JsonObject.class::cast)
                        .filter(channel -> channel.getString("channel").equals("left"))
                        .mapToInt(channel -> channel.getInteger("subscribers"))
                        .sum();
    }
}
