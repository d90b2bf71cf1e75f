package io.broadcastsocket.testing;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
public final class ManualClock implements InstantSource {
    private long now = 1_000_000;

    public void advance(long millis) {
        now += millis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }
}
