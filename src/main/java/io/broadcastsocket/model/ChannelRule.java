package io.broadcastsocket.model;

import java.util.Locale;
import java.util.Objects;

/**
 * How a channel behaves.
 *
 * @param history what the broker keeps
 * @param slowConsumer what happens to a subscriber that does not take its messages in time
 */
public record ChannelRule(History history, SlowConsumer slowConsumer) {
    /**
     * Bounds of a channel's history; whichever is reached first.
     *
     * @param size most publications
     * @param bytes most bytes of encoded publications
     * @param ttlMs oldest age, milliseconds
     */
    public record History(int size, long bytes, long ttlMs) {
        public History {
            if (size < 0 || bytes < 0 || ttlMs < 0) {
                throw new IllegalArgumentException("history bounds must not be negative");
            }
        }
    }

    /** What a subscriber gets that fell behind, once it takes messages again. */
    public enum SlowConsumer {
        /** Everything it missed, from the tail or the history. */
        RELIABLE,
        /** Only the newest publication; the skipped ones are announced as a gap. */
        LATEST,
        /** Only what comes from then on; the skipped ones are announced as a gap. */
        DROP;

        /** Reads the word used in the configuration. */
        public static SlowConsumer of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    public ChannelRule {
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(slowConsumer, "slowConsumer");
    }
}
