package io.broadcastsocket.session;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes ids.
 *
 * <p>Thread-safe as far as its source of random numbers is.
 */
public final class Ids {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final RandomGenerator random;
    private final String prefix;
    private final AtomicLong messages = new AtomicLong();

    public Ids(RandomGenerator random) {
        this.random = random;
        this.prefix = text(6) + "-";
    }

    /** Ids from the system's secure source. */
    public static Ids secure() {
        return new Ids(new SecureRandom());
    }

    /** Public id of a client: 72 random bits, unique for all practical purposes. */
    public String client() {
        return text(9);
    }

    /** Secret of a session: 128 random bits. */
    public String sessionToken() {
        return text(16);
    }

    /** Id of a node, or of an incarnation of something. */
    public String node() {
        return text(9);
    }

    /** Id of a message whose publisher gave none; not secret, so a counter does. */
    public String message() {
        return prefix + Long.toString(messages.incrementAndGet(), 36);
    }

    private String text(int bytes) {
        byte[] bits = new byte[bytes];
        random.nextBytes(bits);
        return ENCODER.encodeToString(bits);
    }
}
