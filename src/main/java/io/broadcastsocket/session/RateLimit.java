package io.broadcastsocket.session;

/**
 * So many permits per window, all of them at once if need be: the generic cell rate algorithm (ITU-T I.371), whose whole
 * state is one number.
 *
 * <p>Immutable, thread-safe; the caller keeps the state, which is 0 in the beginning.
 */
public final class RateLimit {
    private final long windowMicros;
    private final long intervalMicros;

    /**
     * @param permits per window; 0 for no limit
     * @param windowMs milliseconds
     */
    public RateLimit(long permits, long windowMs) {
        this.windowMicros = windowMs * 1000;
        this.intervalMicros = permits == 0 ? 0 : Math.max(1, windowMicros / permits);
    }

    /** How long to wait for a permit, milliseconds; 0 when there is one now. */
    public long waitMs(long state, long nowMs) {
        long earliest = Math.max(state, nowMs * 1000) + intervalMicros - windowMicros;
        long micros = earliest - nowMs * 1000;
        return intervalMicros == 0 || micros <= 0 ? 0 : (micros + 999) / 1000;
    }

    /** The state after a permit was taken. */
    public long take(long state, long nowMs) {
        return Math.max(state, nowMs * 1000) + intervalMicros;
    }

    /** Whether the state says no more than a fresh one, so that it can be forgotten. */
    public boolean isIdle(long state, long nowMs) {
        return state <= nowMs * 1000;
    }
}
