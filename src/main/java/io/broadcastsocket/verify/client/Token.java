package io.broadcastsocket.verify.client;

/**
 * A session to come back to, and whether the server must still have it.
 *
 * <p>Event loop only; times are nanoseconds of one clock.
 */
final class Token {
    /** Sessions are kept half a second after they have changed; twice that, for a busy machine. */
    private static final long KEPT_AFTER_NANOS = 1_000_000_000;

    private final String secret;
    private final long ttlNanos;
    private boolean settled;
    private long goneAt;

    /** @param ttlMs how long it waits for its client */
    Token(String secret, long ttlMs) {
        this.secret = secret;
        this.ttlNanos = ttlMs * 1_000_000;
    }

    String secret() {
        return secret;
    }

    /** The connection that had it since then is gone. */
    void gone(long since, long now) {
        settled = now - since >= KEPT_AFTER_NANOS;
        goneAt = now;
    }

    /** Whether it was there for long enough to be kept, and is not away for too long. */
    boolean isKept(long now) {
        return settled && now - goneAt < ttlNanos;
    }
}
