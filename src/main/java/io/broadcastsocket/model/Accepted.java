package io.broadcastsocket.model;

import java.util.Locale;

/**
 * The broker's word that a publication is in the log.
 *
 * @param position where it stands; for a duplicate, where the first one stands
 * @param durability what would have to fail for it to be lost
 * @param outcome whether this call appended it
 */
public record Accepted(String channel, String messageId, Position position, Durability durability, Outcome outcome) {
    /** What an acknowledged publication survives. */
    public enum Durability {
        /** Kept in the memory of one process. */
        MEMORY,
        /** Kept by at least two members of the cluster. */
        REPLICATED,
        /** Kept by Redis. */
        REDIS;

        /** The word on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a publish changed the log. */
    public enum Outcome {
        APPENDED,
        DUPLICATE
    }

    public boolean duplicate() {
        return outcome == Outcome.DUPLICATE;
    }
}
