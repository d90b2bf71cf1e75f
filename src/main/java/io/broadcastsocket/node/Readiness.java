package io.broadcastsocket.node;

import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether this node delivers, proven by a canary that goes the way of every publication.
 *
 * <p>Thread-safe.
 */
public final class Readiness {
    /** A proof is good for so long. */
    public static final long PROOF_MS = 5000;

    private final InstantSource clock;
    private volatile long lastProof;
    private volatile long roundTripMicros;
    private volatile boolean draining;

    public Readiness(InstantSource clock) {
        this.clock = clock;
    }

    /** A canary has arrived. */
    public void proven(long micros) {
        roundTripMicros = micros;
        lastProof = clock.millis();
    }

    /** From now on the node sends its clients away. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    /** Why traffic should not come here; empty when it should. */
    public Optional<String> problem() {
        if (draining) {
            return Optional.of("draining");
        }
        if (lastProof == 0) {
            return Optional.of("delivery has not been proven yet");
        }
        long age = clock.millis() - lastProof;
        return age > PROOF_MS ? Optional.of("delivery was last proven " + age + " ms ago") : Optional.empty();
    }

    /** When the last canary arrived, milliseconds since 1970; 0 for never. */
    public long lastProof() {
        return lastProof;
    }

    /** How long the last canary took from publish to receive, microseconds. */
    public long roundTripMicros() {
        return roundTripMicros;
    }
}
