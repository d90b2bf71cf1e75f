package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Pings, and what happens to those that do not answer. */
class HeartbeatIT {
    private static final JsonObject FAST = new JsonObject("{\"heartbeat\":{\"intervalMs\":200,\"timeoutMs\":100}}");

    @Test
    void everyClientIsPingedInBothForms() {
        try (TestServer server = TestServer.start(FAST);
                RawSocket raw = RawSocket.open(server.port())) {
            RawSocket.Frame ping = raw.readFrame();
            RawSocket.Frame message = raw.readFrame();
            assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
            JsonObject json = new JsonObject(message.text());
            assertThat(json.getString("type")).isEqualTo("ping");
            assertThat(json.getLong("timestamp")).isPositive();
        }
    }

    @Test
    void whoDoesNotAnswerIsClosedAndWhoAnswersStays() {
        try (TestServer server = TestServer.start(FAST);
                TestClient answering = server.connect();
                RawSocket mute = RawSocket.open(server.port())) {
            assertThat(mute.readClose()).isEqualTo(4000);
            for (int i = 0; i < 5; i++) {
                answering.awaitType("ping");
            }
            assertThat(answering.subscribe("c").getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void anAnswerInTheProtocolCountsToo() {
        try (TestServer server = TestServer.start(FAST);
                RawSocket raw = RawSocket.open(server.port())) {
            for (int pings = 0; pings < 8; ) {
                RawSocket.Frame frame = raw.readFrame();
                assertThat(frame.opcode()).isNotEqualTo(RawSocket.CLOSE);
                if (frame.opcode() == RawSocket.TEXT) {
                    raw.send("{\"type\":\"pong\"}");
                    pings++;
                }
            }
        }
    }
}
