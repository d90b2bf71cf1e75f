package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ManualClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    @Test
    void allPermitsCanBeTakenAtOnceAndComeBackOneByOne() {
        RateLimit limit = new RateLimit(100, 60_000);
        long state = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(limit.waitMs(state, 5000)).isZero();
            state = limit.take(state, 5000);
        }
        assertThat(limit.waitMs(state, 5000)).isEqualTo(600);
        assertThat(limit.waitMs(state, 5599)).isEqualTo(1);
        assertThat(limit.waitMs(state, 5600)).isZero();
        assertThat(limit.isIdle(state, 5000)).isFalse();
        assertThat(limit.isIdle(state, 65_000)).isTrue();
    }

    @Test
    void withoutPermitsThereIsNoLimit() {
        RateLimit limit = new RateLimit(0, 60_000);
        long state = 0;
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.waitMs(state, 1)).isZero();
            state = limit.take(state, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 100, 59_999, 40_000_000, 100_000_000})
    void greatLimitsAreAsExactAsSmallOnes(long permits) {
        RateLimit limit = new RateLimit(permits, 60_000);
        long state = 0;
        long atOnce = 0;
        for (; limit.waitMs(state, 5000) == 0; atOnce++) {
            state = limit.take(state, 5000);
        }
        assertThat(atOnce).isEqualTo(permits);
        long afterAMinute = 0;
        for (; limit.waitMs(state, 65_000) == 0; afterAMinute++) {
            state = limit.take(state, 65_000);
        }
        assertThat(afterAMinute).isBetween(permits - 1 - permits / 1000, permits);
    }

    @Test
    void withoutALimitAClockThatStepsBackDoesNotMatter() {
        RateLimit limit = new RateLimit(0, 1000);
        assertThat(limit.waitMs(limit.take(0, 5000), 1000)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noWindowHasTwiceItsPermitsAndWaitingAsToldIsEnough(long seed) {
        RateLimit limit = new RateLimit(10, 1000);
        SplittableRandom random = new SplittableRandom(seed);
        Deque<Long> taken = new ArrayDeque<>();
        long state = 0;
        long now = 1;
        for (int i = 0; i < 5000; i++) {
            long wait = limit.waitMs(state, now);
            if (wait > 0 && random.nextBoolean()) {
                now += wait;
                assertThat(limit.waitMs(state, now)).isZero();
            } else if (wait > 0) {
                now += random.nextLong(200);
                continue;
            }
            state = limit.take(state, now);
            taken.add(now);
            while (taken.peek() <= now - 1000) {
                taken.poll();
            }
            assertThat(taken).hasSizeLessThan(20);
            now += random.nextLong(50);
        }
    }

    @Test
    void addressesDoNotShareTheirPermitsAndAreForgottenWhenIdle() {
        ManualClock clock = new ManualClock();
        AddressLimiter limiter = new AddressLimiter(new RateLimit(1, 1000), clock);
        assertThat(limiter.acquire("a")).isZero();
        assertThat(limiter.acquire("a")).isEqualTo(1000);
        assertThat(limiter.acquire("b")).isZero();
        assertThat(limiter.size()).isEqualTo(2);
        clock.advance(1000);
        limiter.expire();
        assertThat(limiter.size()).isZero();
        assertThat(limiter.acquire("a")).isZero();
    }
}
