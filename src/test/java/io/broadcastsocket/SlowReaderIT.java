package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that send and do not read the replies: what the server keeps for them is bounded, and the others are served. */
class SlowReaderIT {
    private static final long MOST_BYTES = 16 << 20;
    private static final int FRAMES_AT_ONCE = 1000;
    private static final int PUBLICATIONS = 10;

    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("histories", RawSocket.text("{\"type\":\"history\",\"channel\":\"big\"}")),
                Arguments.of("subscribes", RawSocket.text("{\"type\":\"subscribe\",\"channel\":\"big\",\"last\":9}")),
                Arguments.of("errors", RawSocket.text("{")),
                Arguments.of("pings", RawSocket.frame(RawSocket.PING, new byte[125])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void whoSendsAndNeverReadsIsPausedAndThenClosed(String what, byte[] frame) {
        try (TestServer server = start(500);
                TestClient healthy = server.connect()) {
            fillHistory(healthy);
            healthy.subscribe("healthy");
            long before = PlatformDependent.usedDirectMemory();
            try (RawSocket hostile = RawSocket.open(server.port())) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> writeUntilCut(hostile, frame));
                watch(healthy, before, () -> slowConsumers(server) == 1);
                writing.orTimeout(10, TimeUnit.SECONDS).join();
            }
        }
    }

    @Test
    void whoGoesAwayWhileItIsPausedIsNoticed() {
        try (TestServer server = start(60_000);
                TestClient healthy = server.connect()) {
            fillHistory(healthy);
            try (RawSocket hostile = RawSocket.open(server.port())) {
                CompletableFuture.runAsync(
                        () -> writeUntilCut(hostile, RawSocket.text("{\"type\":\"history\",\"channel\":\"big\"}")));
                awaitPause(server);
            }
            Awaitility.await("its connection is gone")
                    .untilAsserted(() ->
                            assertThat(totals(server).getInteger("connections")).isEqualTo(1));
        }
    }

    @Test
    void whoReadsLateGetsEveryReplyInOrder() {
        try (TestServer server = start(60_000);
                TestClient healthy = server.connect();
                RawSocket late = RawSocket.open(server.port())) {
            fillHistory(healthy);
            healthy.subscribe("healthy");
            ByteArrayOutputStream commands = new ByteArrayOutputStream();
            int count = 500;
            for (int i = 0; i < count; i++) {
                commands.writeBytes(
                        RawSocket.text("{\"type\":\"history\",\"channel\":\"big\",\"messageId\":\"" + i + "\"}"));
            }
            long before = PlatformDependent.usedDirectMemory();
            late.write(commands.toByteArray());
            int[] rounds = {0};
            watch(healthy, before, () -> ++rounds[0] > 50);
            for (int i = 0; i < count; i++) {
                assertThat(late.readMessage().getString("messageId")).isEqualTo(Integer.toString(i));
            }
            late.send("{\"type\":\"subscribe\",\"channel\":\"c\",\"messageId\":\"after\"}");
            assertThat(late.readMessage().getString("messageId")).isEqualTo("after");
            assertThat(slowConsumers(server)).isZero();
        }
    }

    /** Until it is done, another client is served and the server's memory stays bounded. */
    private static void watch(TestClient healthy, long before, BooleanSupplier done) {
        long deadline = System.nanoTime() + TestClient.DEADLINE.toNanos();
        for (int i = 0; !done.getAsBoolean(); i++) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            healthy.broadcast("healthy", i);
            assertThat(healthy.awaitMessage("healthy").getInteger("data")).isEqualTo(i);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(MOST_BYTES);
        }
    }

    private static void fillHistory(TestClient client) {
        for (int i = 0; i < PUBLICATIONS; i++) {
            client.broadcast("big", "x".repeat(20_000));
        }
    }

    private static void writeUntilCut(RawSocket hostile, byte[] frame) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES_AT_ONCE; i++) {
            frames.writeBytes(frame);
        }
        try {
            while (true) {
                hostile.write(frames.toByteArray());
            }
        } catch (UncheckedIOException cut) {
            // That is what it waits for.
        }
    }

    /** Waits until no more commands of a flood are handled. */
    private static void awaitPause(TestServer server) {
        long[] before = {-1};
        Awaitility.await("commands wait").pollInterval(Duration.ofMillis(200)).until(() -> {
            long commands = totals(server).getLong("commands");
            boolean paused = commands > PUBLICATIONS && commands == before[0];
            before[0] = commands;
            return paused;
        });
    }

    private static int slowConsumers(TestServer server) {
        return totals(server).getInteger("slowConsumers");
    }

    private static JsonObject totals(TestServer server) {
        return new JsonObject(server.get("/stats").body()).getJsonObject("totals");
    }

    private static TestServer start(long stalledMs) {
        return TestServer.start(new JsonObject()
                .put("slowConsumer", new JsonObject().put("stalledMs", stalledMs))
                .put("workers", 1));
    }
}
