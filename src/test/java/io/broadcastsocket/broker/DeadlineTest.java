package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void aWaitEndsOnTheEventLoopThatHasWaited() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<Thread> loop = new CompletableFuture<>();
            CompletableFuture<Thread> ended = new CompletableFuture<>();
            Context context = vertx.getOrCreateContext();
            context.runOnContext(there -> {
                loop.complete(Thread.currentThread());
                Deadline.within(vertx, 1, Promise.promise().future())
                        .onFailure(late -> ended.complete(Thread.currentThread()));
            });
            assertThat(ended.get(10, TimeUnit.SECONDS)).isSameAs(loop.get(10, TimeUnit.SECONDS));
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
