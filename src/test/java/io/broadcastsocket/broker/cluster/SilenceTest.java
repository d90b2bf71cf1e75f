package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = Long.MAX_VALUE - SECOND;
    private final Silence silence = new Silence(() -> now);

    @Test
    void aNodeThatHasJustComeHasTimeToAnswer() {
        assertThat(silence.look(List.of("n"))).isFalse();
        now += 5 * SECOND;
        assertThat(silence.look(List.of("n"))).isFalse();
        assertThat(silence.problem()).isEmpty();
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamedUntilItDoes() {
        silence.look(List.of("n", "m"));
        now += 6 * SECOND;
        silence.heard("m");
        assertThat(silence.look(List.of("n", "m"))).isTrue();
        assertThat(silence.problem()).contains("node n ").contains("busPort");
        silence.heard("n");
        assertThat(silence.look(List.of("n", "m"))).isFalse();
        assertThat(silence.problem()).isEmpty();
    }

    @Test
    void aNodeThatHasLeftIsNotSilent() {
        silence.look(List.of("n"));
        now += 6 * SECOND;
        silence.heard("gone");
        assertThat(silence.look(List.of())).isFalse();
        assertThat(silence.problem()).isEmpty();
    }
}
