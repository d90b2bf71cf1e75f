package io.broadcastsocket.session;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits the broadcasts from one client address, over all connections and workers of the node.
 *
 * <p>Thread-safe.
 */
public final class AddressLimiter {
    private final RateLimit limit;
    private final InstantSource clock;
    private final Map<String, Long> states = new ConcurrentHashMap<>();

    public AddressLimiter(RateLimit limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Takes a permit.
     *
     * @return 0, or how many milliseconds to wait when there is none
     */
    public long acquire(String address) {
        long now = clock.millis();
        long[] wait = {0};
        states.compute(address, (key, state) -> {
            long current = state == null ? 0 : state;
            wait[0] = limit.waitMs(current, now);
            return wait[0] == 0 ? Long.valueOf(limit.take(current, now)) : state;
        });
        return wait[0];
    }

    /** Forgets the addresses that have all their permits back. */
    public void expire() {
        long now = clock.millis();
        states.values().removeIf(state -> limit.isIdle(state, now));
    }

    /** Number of addresses remembered. */
    public int size() {
        return states.size();
    }
}
