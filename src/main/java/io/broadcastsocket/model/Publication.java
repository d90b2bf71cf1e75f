package io.broadcastsocket.model;

import java.util.Objects;
import java.util.Optional;

/**
 * One immutable message of a channel, together with the frame that carries it to subscribers.
 *
 * <p>Thread-safe: passed by reference between event loops. The array is shared and must never be written to.
 *
 * @param position epoch and offset in the channel
 * @param messageId the publisher's id, or one made by the server
 * @param timestamp when the broker accepted it, milliseconds since 1970
 * @param withheldFrom id of the client that asked not to get its own publication back, or null
 * @param frame complete unmasked RFC 6455 text frame with the {@code message}
 * @param dataStart where the application's JSON begins in the frame
 * @param dataLength bytes of the application's JSON
 */
public record Publication(
        String channel,
        Position position,
        String messageId,
        long timestamp,
        String withheldFrom,
        byte[] frame,
        int dataStart,
        int dataLength) {

    public Publication {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(frame, "frame");
        Objects.checkFromIndexSize(dataStart, dataLength, frame.length);
        if (position.offset() < 1) {
            throw new IllegalArgumentException("a publication's offset begins at 1");
        }
    }

    public long offset() {
        return position.offset();
    }

    public String epoch() {
        return position.epoch();
    }

    /** The client that must not receive this publication, if there is one. */
    public Optional<String> withheld() {
        return Optional.ofNullable(withheldFrom);
    }
}
