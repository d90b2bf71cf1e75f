package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class IngestWatchIT {
    private static final long BLOCK_MS = 50;
    private static final long DEADLINE_MS = 500;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();

    @Test
    void aWaitThatHearsNothingEndsOnItsEventLoop() throws TimeoutException {
        try (RedisServer server = RedisServer.start()) {
            RedisSettings settings = TestSettings.of(server.port(), DEADLINE_MS);
            IngestWatch watch = new IngestWatch(vertx, settings, "test:{ingest}", BLOCK_MS);
            Supplier<Future<Boolean>> wait =
                    () -> watch.await(settings.url().endpoints().get(0), "0-0");
            Thread own = threadAtTheEndOf(wait);
            server.pause();
            assertThat(threadAtTheEndOf(wait)).isSameAs(own);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private Thread threadAtTheEndOf(Supplier<Future<Boolean>> wait) throws TimeoutException {
        Promise<Thread> end = Promise.promise();
        loop.runOnContext(there -> wait.get().onComplete(done -> end.complete(Thread.currentThread())));
        return end.future().await(20, TimeUnit.SECONDS);
    }
}
