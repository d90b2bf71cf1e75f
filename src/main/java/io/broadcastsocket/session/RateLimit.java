package io.broadcastsocket.session;

/**
 * So many permits per window: the generic cell rate algorithm (ITU-T I.371), whose whole state is one number.
 *
 * <p>Immutable, thread-safe; the caller keeps the state, which is 0 in the beginning. A whole window's permits may be taken
 * at once, and each comes back one interval, the window divided by the permits, after the one before it. So over any long
 * time the rate is exact, and a single window sees up to {@code 2 * permits - 1}: all that were saved, and those that came
 * back meanwhile.
 */
public final class RateLimit {
    private static final long NANOS = 1_000_000;

    private final long intervalNanos;

    /** As long as all permits take to come back: the window, up to the rounding of the interval. */
    private final long windowNanos;

    /**
     * @param permits per window; 0 for no limit
     * @param windowMs milliseconds
     */
    public RateLimit(long permits, long windowMs) {
        this.intervalNanos = permits == 0 ? 0 : Math.max(1, Math.round((double) windowMs * NANOS / permits));
        this.windowNanos = intervalNanos * permits;
    }

    /** How long to wait for a permit, milliseconds; 0 when there is one now. */
    public long waitMs(long state, long nowMs) {
        long nanos = take(state, nowMs) - windowNanos - nowMs * NANOS;
        return intervalNanos == 0 || nanos <= 0 ? 0 : (nanos + NANOS - 1) / NANOS;
    }

    /** The state after a permit was taken. */
    public long take(long state, long nowMs) {
        return Math.max(state, nowMs * NANOS) + intervalNanos;
    }

    /** Whether the state says no more than a fresh one, so that it can be forgotten. */
    public boolean isIdle(long state, long nowMs) {
        return state <= nowMs * NANOS;
    }
}
