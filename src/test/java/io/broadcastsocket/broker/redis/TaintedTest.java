package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TaintedTest {
    private final Tainted tainted = new Tainted();

    @Test
    void namesAChannelUntilItIsAccepted() {
        assertThat(tainted.problem()).isEmpty();
        tainted.refused("news", "reason", 0);
        assertThat(tainted.problem()).contains("channel news: reason");
        tainted.accepted("chat");
        assertThat(tainted.problem()).isPresent();
        tainted.accepted("news");
        assertThat(tainted.problem()).isEmpty();
    }

    @Test
    void countsTheOthers() {
        tainted.refused("a", "reason", 0);
        tainted.refused("b", "reason", 0);
        tainted.refused("c", "reason", 0);
        assertThat(tainted.problem()).contains("channel a: reason; and 2 other channels");
    }

    @Test
    void forgetsWhatNobodyUses() {
        tainted.refused("a", "reason", 0);
        tainted.expire(TimeUnit.SECONDS.toNanos(59));
        assertThat(tainted.problem()).isPresent();
        tainted.expire(TimeUnit.SECONDS.toNanos(61));
        assertThat(tainted.problem()).isEmpty();
    }
}
