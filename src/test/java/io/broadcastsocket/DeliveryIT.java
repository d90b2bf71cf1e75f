package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Delivery over real sockets: offsets, deduplication, history, echo, recovery. */
class DeliveryIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void subscribersOnAllWorkersGetOnePublicationEach() {
        try (TestClient one = server.connect();
                TestClient two = server.connect();
                TestClient three = server.connect()) {
            one.subscribe("news");
            two.subscribe("news");
            three.subscribe("other");
            JsonObject ack = one.broadcast("news", new JsonObject().put("n", 1));
            JsonObject expected = new JsonObject().put("n", 1);
            assertThat(one.awaitMessage("news").getJsonObject("data")).isEqualTo(expected);
            JsonObject received = two.awaitMessage("news");
            assertThat(received.getJsonObject("data")).isEqualTo(expected);
            assertThat(received.getLong("offset"))
                    .isEqualTo(ack.getJsonObject("data").getLong("offset"));
            three.broadcast("other", "only this");
            assertThat(three.awaitType("message").getString("channel")).isEqualTo("other");
        }
    }

    @Test
    void aRepeatedMessageIdIsPublishedOnceAndAckedAsTheFirstTime() {
        try (TestClient client = server.connect()) {
            client.subscribe("dedup");
            JsonObject command = new JsonObject()
                    .put("type", "broadcast")
                    .put("channel", "dedup")
                    .put("data", 1)
                    .put("messageId", "same");
            JsonObject first = client.request(command).getJsonObject("data");
            JsonObject second = client.request(command).getJsonObject("data");
            assertThat(second.getLong("offset")).isEqualTo(first.getLong("offset"));
            assertThat(second.getBoolean("duplicate")).isTrue();
            client.broadcast("dedup", "end");
            assertThat(client.drain().stream()
                            .filter(message -> "message".equals(message.getString("type")))
                            .count())
                    .isLessThanOrEqualTo(2);
        }
    }
}
