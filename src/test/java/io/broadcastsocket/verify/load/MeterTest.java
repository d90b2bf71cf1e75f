package io.broadcastsocket.verify.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeterTest {
    private static final long TICK = 10_000_000;

    private static int sentIn(double rate, int seconds) {
        Meter meter = new Meter(rate);
        meter.start(0);
        int sent = 0;
        for (long now = TICK; now <= seconds * 1_000_000_000L; now += TICK) {
            meter.advance(now);
            while (meter.isDue()) {
                meter.sent();
                sent++;
            }
        }
        return sent;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.9, 1, 1.5, 100, 2500})
    void anyRateIsKept(double rate) {
        assertThat(sentIn(rate, 100)).isBetween((int) (100 * rate) - 1, (int) (100 * rate));
    }

    @Test
    void whatCouldNotBeSentIsMadeUpForWithinASecond() {
        Meter meter = new Meter(10);
        meter.start(0);
        meter.advance(60_000_000_000L);
        int sent = 0;
        for (; meter.isDue(); sent++) {
            meter.sent();
        }
        assertThat(sent).isEqualTo(10);
    }
}
