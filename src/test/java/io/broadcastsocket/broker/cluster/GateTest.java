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

    @Test
    void whatThrowsMakesRoomToo() {
        Future<Integer> thrown = gate.pass("a", () -> {
            throw new IllegalStateException("no");
        });
        assertThat(thrown.failed()).isTrue();
        begin();
        begin();
        assertThat(begun).hasSize(2);
    }

    @Test
    void channelsTakeTurns() {
        begin("crowded");
        begin("crowded");
        begin("crowded");
        begin("crowded");
        Future<Integer> other = begin("other");
        begun.get(0).complete(1);
        begun.get(1).complete(1);
        assertThat(begun).hasSize(4);
        begun.get(3).complete(7);
        assertThat(other.result()).isEqualTo(7);
    }

    @Test
    void thousandsThatFailAtOnceLeaveNothingBehind() {
        Future<Integer> first = begin();
        begin();
        List<Future<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            others.add(gate.pass("a", () -> Future.failedFuture("no")));
        }
        begun.get(0).complete(1);
        assertThat(first.succeeded()).isTrue();
        assertThat(others).allMatch(Future::failed);
    }

    private Future<Integer> begin() {
        return begin("a");
    }

    private Future<Integer> begin(String channel) {
        return gate.pass(channel, () -> {
            Promise<Integer> promise = Promise.promise();
            begun.add(promise);
            return promise.future();
        });
    }
}
