package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrossingTest {
    @Test
    void workThatThrowsFailsTheAnswer() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Crossing crossing = new Crossing();
            crossing.open(vertx, vertx.getOrCreateContext());
            assertThatThrownBy(() -> crossing.call(() -> {
                                throw new IllegalStateException("a bug");
                            })
                            .await(5, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            vertx.close().await(5, TimeUnit.SECONDS);
        }
    }
}
