package io.broadcastsocket.verify.client;

import java.util.HashSet;
import java.util.Set;

/**
 * How long a client waited: since a fault struck, for something sent after it on every channel, and at most between two
 * deliveries.
 *
 * <p>Times are nanoseconds of one clock.
 */
final class Recovery {
    private final Set<String> waiting = new HashSet<>();
    private long struckAt;
    private boolean watching;
    private long lastAt;
    private long longestPause;

    /** Deliveries are to be expected all the time from here on. */
    void watch(long now) {
        watching = true;
        lastAt = now;
    }

    /** Nothing is to be expected any more. */
    void rest(long now) {
        if (watching) {
            pausedUntil(now);
            watching = false;
        }
    }

    void strike(long now, Set<String> channels) {
        struckAt = now;
        waiting.clear();
        waiting.addAll(channels);
    }

    boolean isServed() {
        return waiting.isEmpty();
    }

    Set<String> waiting() {
        return waiting;
    }

    long longestPause() {
        return longestPause;
    }

    /** Gives how long recovery took if this delivery completes it, otherwise -1. */
    long delivered(String channel, long sentAt, long now) {
        if (watching) {
            pausedUntil(now);
        }
        if (sentAt >= struckAt && waiting.remove(channel) && waiting.isEmpty()) {
            return now - struckAt;
        }
        return -1;
    }

    private void pausedUntil(long now) {
        longestPause = Math.max(longestPause, now - lastAt);
        lastAt = now;
    }
}
