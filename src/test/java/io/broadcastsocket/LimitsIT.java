package io.broadcastsocket;

import static io.broadcastsocket.HostileInputIT.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Caps and limits over real sockets. */
class LimitsIT {
    @Test
    void broadcastsAreLimitedByAddressOverAllConnectionsAndTellWhenToRetry() {
        try (TestServer server = start("{\"limits\":{\"broadcastsPerMinute\":3},\"trustedProxyHops\":1}");
                TestClient one = server.connect();
                TestClient two = server.connect();
                TestClient elsewhere = TestClient.open(
                        TestClient.builder().header("X-Forwarded-For", "forged, 198.51.100.7"), server.port(), "/")) {
            one.broadcast("c", 1);
            two.broadcast("c", 2);
            assertThat(one.broadcast("c", 3).getString("type")).isEqualTo("ack");
            JsonObject error = two.broadcast("c", 4);
            assertThat(code(error)).isEqualTo("rate-limited");
            assertThat(error.getJsonObject("data").getLong("retryAfterMs")).isBetween(1L, 20_000L);
            assertThat(two.subscribe("c").getString("type")).isEqualTo("ack");
            elsewhere.awaitType("ack");
            assertThat(elsewhere.broadcast("c", 5).getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void otherCommandsAreLimitedByConnectionAndAFloodIsClosed() {
        try (TestServer server = start("{\"limits\":{\"commandsPerSecond\":1}}");
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            // One a second is allowed, after which the count of those refused in a row begins anew.
            for (int i = 0; i < 20_000 && !client.socket().isOutputClosed(); i++) {
                client.socket()
                        .sendText("{\"type\":\"subscribe\",\"channel\":\"c\"}", true)
                        .handle((sent, closedMeanwhile) -> sent)
                        .join();
            }
            assertThat(code(client.awaitType("error"))).isEqualTo("rate-limited");
            assertThat(client.awaitClose()).isEqualTo(4102);
            assertThat(other.subscribe("c").getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void aConnectionHasOnlySoManyChannels() {
        try (TestServer server = start("{\"limits\":{\"channelsPerConnection\":2}}");
                TestClient client = server.connect()) {
            client.subscribe("a");
            client.subscribe("b");
            assertThat(code(client.subscribe("c"))).isEqualTo("channel-limit");
            assertThat(client.subscribe("a").getString("type")).as("again").isEqualTo("ack");
            client.request(new JsonObject().put("type", "unsubscribe").put("channel", "a"));
            assertThat(client.subscribe("c").getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void aNodeHasOnlySoManyConnectionsAndAPlaceIsGivenBack() {
        try (TestServer server = start("{\"limits\":{\"connections\":2}}");
                TestClient one = server.connect()) {
            TestClient two = server.connect();
            assertThatThrownBy(server::connect)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(WebSocketHandshakeException.class);
            two.close();
            Awaitility.await().ignoreExceptions().untilAsserted(() -> server.connect()
                    .close());
            assertThat(one.subscribe("c").getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void whoNeverFinishesTheHandshakeIsCutEvenWhenBytesKeepComing() {
        try (TestServer server = start("{\"limits\":{\"handshakeMs\":300}}");
                RawSocket silent = RawSocket.connect(server.port());
                RawSocket slow = RawSocket.connect(server.port())) {
            byte[] handshake = RawSocket.handshake("");
            Awaitility.await("the slow one is cut").until(() -> {
                try {
                    slow.write(new byte[] {handshake[0]});
                    return false;
                } catch (java.io.UncheckedIOException cut) {
                    return true;
                }
            });
            silent.awaitEnd();
        }
    }

    @Test
    void anIdleConnectionIsClosedAndASubscribedOneStays() {
        try (TestServer server =
                        start("{\"limits\":{\"idleMs\":300},\"heartbeat\":{\"intervalMs\":100,\"timeoutMs\":90}}");
                TestClient idle = server.connect();
                TestClient subscribed = server.connect()) {
            subscribed.subscribe("c");
            assertThat(idle.awaitClose()).isEqualTo(4002);
            assertThat(subscribed.broadcast("c", 1).getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void foreignOriginsAreRefusedAndTheOthersAreNot() {
        try (TestServer server = start("{\"cors\":{\"origins\":[\"https://app.example\"]}}")) {
            assertThat(handshake(server, "Origin: https://evil.example\r\n")).contains(" 403 ");
            assertThat(handshake(server, "Origin: https://app.example\r\n")).contains(" 101 ");
            assertThat(handshake(server, "Origin: http://localhost\r\n"))
                    .as("its own host")
                    .contains(" 101 ");
            assertThat(handshake(server, "")).contains(" 101 ");
        }
    }

    @Test
    void thousandsOfConnectsAtOnceAreServed() {
        try (TestServer server = start("{}");
                TestClient healthy = server.connect()) {
            healthy.subscribe("c");
            List<RawSocket> burst = new ArrayList<>();
            int count = burst();
            for (int i = 0; i < count; i++) {
                RawSocket raw = RawSocket.connect(server.port());
                raw.write(RawSocket.handshake(""));
                burst.add(raw);
            }
            healthy.broadcast("c", "during");
            assertThat(healthy.awaitMessage("c").getString("data")).isEqualTo("during");
            for (RawSocket raw : burst) {
                assertThat(raw.readHead()).contains(" 101 ");
            }
            assertThat(connections(server)).isEqualTo(count + 1);
            burst.forEach(RawSocket::close);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(connections(server)).isEqualTo(1));
        }
    }

    /** Ten thousand, or as many as this process may have files for: both ends of a connection are here. */
    private static int burst() {
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        return (int) Math.min(10_000, (files - 500) / 2);
    }

    private static String handshake(TestServer server, String header) {
        try (RawSocket raw = RawSocket.connect(server.port())) {
            raw.write(RawSocket.handshake(header));
            return raw.readHead();
        }
    }

    private static int connections(TestServer server) {
        return new JsonObject(server.get("/health").body()).getInteger("connections");
    }

    private static TestServer start(String changes) {
        return TestServer.start(new JsonObject(changes));
    }
}
