package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate(2);
    private final List<Promise<Integer>> begun = new ArrayList<>();

    @Test
    void whatHasNoRoomWaitsForItsTurn() {
        Future<Integer> first = begin();
        begin();
        Future<Integer> third = begin();
        assertThat(begun).hasSize(2);
        begun.get(0).complete(1);
        assertThat(first.result()).isEqualTo(1);
        assertThat(begun).hasSize(3);
        begun.get(2).fail("no");
        assertThat(third.failed()).isTrue();
    }

    @Test
    void whatFailsMakesRoomToo() {
        begin();
        begin();
        begin();
        begun.get(1).fail("no");
        assertThat(begun).hasSize(3);
    }

    private Future<Integer> begin() {
        return gate.pass(() -> {
            Promise<Integer> promise = Promise.promise();
            begun.add(promise);
            return promise.future();
        });
    }
}
