package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose event loop is blocked on purpose. */
class WorkersIT {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBlockedWorkerIsReportedAndReplacedAndItsClientsAreSentAway(int workers) throws Exception {
        JsonObject config = new JsonObject()
                .put("workers", workers)
                .put(
                        "supervision",
                        new JsonObject()
                                .put("probeMs", 50)
                                .put("blockedMs", 500)
                                .put("backoffMs", 50));
        CountDownLatch wakeUp = new CountDownLatch(1);
        try (TestServer server = TestServer.start(config)) {
            Awaitility.await().until(() -> health(server).getString("status").equals("ok"));
            String thread = worker(server, 0).getString("thread");
            TestClient victim = null;
            for (int i = 0; i < workers; i++) {
                victim = server.connect();
            }
            block(server, thread, wakeUp);
            Awaitility.await("the block is reported").untilAsserted(() -> {
                JsonObject worker = worker(server, 0);
                assertThat(worker.getString("state").equals("blocked") || worker.getInteger("restarts") == 1)
                        .isTrue();
            });
            Awaitility.await("it is replaced").atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
                JsonObject worker = worker(server, 0);
                assertThat(worker.getString("state")).isEqualTo("up");
                assertThat(worker.getInteger("restarts")).isPositive();
                assertThat(worker.getString("thread")).isNotEqualTo(thread);
            });
            try (TestClient client = server.connect()) {
                client.subscribe("c");
                client.broadcast("c", "served");
                assertThat(client.awaitMessage("c").getString("data")).isEqualTo("served");
            }
            wakeUp.countDown();
            if (workers == 1) {
                assertThat(victim.awaitClose()).isEqualTo(1012);
            }
            victim.close();
        } finally {
            wakeUp.countDown();
        }
    }

    private static void block(TestServer server, String thread, CountDownLatch until) throws Exception {
        for (EventExecutor loop : ((VertxInternal) server.vertx()).nettyEventLoopGroup()) {
            String name = loop.submit(() -> Thread.currentThread().getName()).get();
            if (name.equals(thread)) {
                loop.execute(() -> {
                    try {
                        until.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                return;
            }
        }
        throw new AssertionError("no event loop " + thread);
    }

    /** Asked on the API's own port, whose loop is not blocked. */
    private static JsonObject health(TestServer server) {
        return new JsonObject(
                TestServer.send(server.apiRequest("/health").GET().build()).body());
    }

    private static JsonObject worker(TestServer server, int id) {
        JsonArray workers = health(server).getJsonArray("workers");
        return workers.getJsonObject(id);
    }
}
