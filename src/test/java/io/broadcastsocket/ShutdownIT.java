package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What SIGTERM does to a server with clients. */
class ShutdownIT {
    private static final String CONF = "{\"host\":\"127.0.0.1\",\"port\":0,\"workers\":2,\"api\":{\"port\":0},"
            + "\"limits\":{\"broadcastsPerMinute\":0},\"shutdown\":{\"spreadMs\":300,\"deadlineMs\":2000}}";

    @Test
    void clientsAreToldAndClosedForARestartAndTheProcessEndsWithZero() {
        try (ServerProcess server = start();
                TestClient plain = TestClient.connect(server.port(), "/");
                TestClient v1 = TestClient.connect(server.port(), "/", "broadcast.v1")) {
            server.terminate();
            JsonObject drain = v1.awaitType("drain").getJsonObject("data");
            assertThat(drain.getLong("spreadMs")).isBetween(0L, 300L);
            assertThat(drain.getLong("deadlineMs")).isEqualTo(2000);
            assertThat(v1.awaitClose()).isEqualTo(1012);
            assertThat(plain.awaitClose()).isEqualTo(1012);
            assertThat(plain.drain())
                    .noneMatch(message -> message.getString("type").equals("drain"));
            assertThat(server.awaitExit()).isZero();
            assertThatThrownBy(() -> RawSocket.connect(server.port())).hasMessageContaining("refused");
        }
    }

    @Test
    void whatWasAckedIsDeliveredBeforeTheClose() {
        try (ServerProcess server = start();
                TestClient subscriber = TestClient.connect(server.port(), "/");
                TestClient publisher = TestClient.connect(server.port(), "/")) {
            subscriber.subscribe("c");
            String data = "x".repeat(10_000);
            for (int i = 0; i < 300; i++) {
                publisher.send(new JsonObject()
                        .put("type", "broadcast")
                        .put("channel", "c")
                        .put("messageId", "m" + i)
                        .put("data", data));
            }
            publisher.await(message -> "m299".equals(message.getString("messageId")));
            server.terminate();
            assertThat(subscriber.awaitClose()).isEqualTo(1012);
            List<Long> offsets = subscriber.drain().stream()
                    .filter(message -> message.getString("type").equals("message"))
                    .map(message -> message.getLong("offset"))
                    .toList();
            assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void aClientThatNeverReadsDoesNotHoldItUpBeyondTheDeadline() {
        try (ServerProcess server = start();
                RawSocket stuck = RawSocket.open(server.port());
                TestClient publisher = TestClient.connect(server.port(), "/")) {
            stuck.send("{\"type\":\"subscribe\",\"channel\":\"c\"}");
            stuck.readMessage();
            for (int i = 0; i < 200; i++) {
                publisher.broadcast("c", "x".repeat(50_000));
            }
            long before = System.nanoTime();
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(System.nanoTime() - before).isLessThan(8_000_000_000L);
        }
    }

    private static ServerProcess start() {
        return ServerProcess.launch(Map.of(), "--conf", CONF).awaitStarted();
    }
}
