package io.broadcastsocket.model;

import java.util.Objects;

/**
 * A place in a channel's stream: after the publication with this offset, in this incarnation of the stream.
 *
 * @param epoch opaque id of the stream's incarnation; offsets of different epochs do not compare
 * @param offset number of a publication, from 1; 0 is the place before the first; at most {@link #MAX_OFFSET}
 */
public record Position(String epoch, long offset) {
    /** The largest offset: one that has a successor, so that the next offset never overflows. */
    public static final long MAX_OFFSET = Long.MAX_VALUE - 1;

    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("offset must be from 0 to " + MAX_OFFSET + ": " + offset);
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
