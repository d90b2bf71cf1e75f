package io.broadcastsocket.model;

import java.util.Objects;

/**
 * What a publisher asks the broker to append.
 *
 * @param channel a valid channel name
 * @param data the application's JSON, UTF-8, passed on byte for byte; never written to after this
 * @param messageId idempotency key within the channel
 * @param identity who chose the {@code messageId}; only a publisher's own is remembered for deduplication
 * @param withheldFrom id of the client that must not receive it, or null
 */
public record Draft(String channel, byte[] data, String messageId, Identity identity, String withheldFrom) {
    /** Where a message id comes from. */
    public enum Identity {
        /** The publisher chose it and may send it again. */
        PUBLISHER,
        /** The server made it up; it cannot come a second time. */
        SERVER
    }

    public Draft {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(identity, "identity");
    }
}
