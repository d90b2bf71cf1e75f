package io.broadcastsocket.verify.load;

/**
 * How many publications are due at a rate. What could not be sent is made up for within a second, and at least one whole
 * publication is owed however slow the rate.
 *
 * <p>Confined to one thread; times are nanoseconds of one clock.
 */
final class Meter {
    private static final double SECOND = 1e9;

    private final double perSecond;
    private final double most;
    private double owed;
    private long since;

    Meter(double perSecond) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond);
    }

    void start(long now) {
        since = now;
    }

    void advance(long now) {
        owed = Math.min(owed + (now - since) * perSecond / SECOND, most);
        since = now;
    }

    /** Whether one is due. */
    boolean isDue() {
        return owed >= 1;
    }

    /** One was sent. */
    void sent() {
        owed--;
    }
}
