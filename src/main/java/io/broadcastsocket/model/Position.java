package io.broadcastsocket.model;

import java.util.Objects;

/**
 * A place in a channel's stream: after the publication with this offset, in this incarnation of the stream.
 *
 * @param epoch opaque id of the stream's incarnation; offsets of different epochs do not compare
 * @param offset number of a publication, from 1; 0 is the place before the first
 */
public record Position(String epoch, long offset) {
    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
    }

    /** The position in the same epoch at another offset. */
    public Position at(long otherOffset) {
        return new Position(epoch, otherOffset);
    }

    public boolean sameEpoch(Position other) {
        return epoch.equals(other.epoch);
    }
}
