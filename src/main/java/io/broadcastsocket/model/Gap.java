package io.broadcastsocket.model;

import java.util.Locale;
import java.util.Objects;

/**
 * Offsets of a channel that a subscriber will not receive; always announced, never silent.
 *
 * @param from first missing offset, in the epoch the subscriber was in
 * @param to last missing offset; {@code from - 1} when it cannot be known because the epoch changed
 * @param reason why they are missing
 * @param next the position from which delivery goes on
 */
public record Gap(String channel, long from, long to, Reason reason, Position next) {
    /** Why publications are missing. */
    public enum Reason {
        /** History no longer reaches back far enough. */
        TRIMMED,
        /** The stream began anew; what lay between is unknown. */
        EPOCH,
        /** The channel's rule skips what a slow subscriber has not taken. */
        SKIPPED;

        /** The word on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Gap {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(next, "next");
    }
}
