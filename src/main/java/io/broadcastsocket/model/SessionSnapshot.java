package io.broadcastsocket.model;

import java.util.Map;
import java.util.Objects;

/**
 * A session without its connection: what a client that comes back gets again.
 *
 * @param token the secret that the client shows to get it
 * @param clientId the client's public id, kept over connections
 * @param cursors where each subscription stands, by channel
 * @param members what the client shows of itself, by channel that it is a member of
 * @param turn how many connections have had it before the one that left this: what a later one has left is never replaced by
 *     what an earlier one leaves late
 */
public record SessionSnapshot(
        String token, String clientId, Map<String, Cursor> cursors, Map<String, String> members, long turn) {
    /**
     * Where a subscription stands.
     *
     * @param confirmed the client has certainly got everything up to here
     * @param written last offset that was written to the connection, at least the confirmed one: what lies between may or
     *     may not have arrived; {@link #UNKNOWN} when the node died that knew it, or it lies in another epoch
     */
    public record Cursor(Position confirmed, long written) {
        /** Nobody knows what was written. */
        public static final long UNKNOWN = Long.MAX_VALUE;

        public Cursor {
            Objects.requireNonNull(confirmed, "confirmed");
            if (written < confirmed.offset()) {
                throw new IllegalArgumentException("written " + written + " lies before " + confirmed);
            }
        }

        /** The same, where an earlier connection may have got everything up to this position; null for none. */
        public Cursor reaching(Position earlier) {
            return earlier == null || !earlier.sameEpoch(confirmed) || earlier.offset() <= written
                    ? this
                    : new Cursor(confirmed, earlier.offset());
        }
    }

    public SessionSnapshot {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(clientId, "clientId");
        cursors = Map.copyOf(cursors);
        members = Map.copyOf(members);
    }

    /** What the first connection leaves, without having been a member anywhere. */
    public SessionSnapshot(String token, String clientId, Map<String, Cursor> cursors) {
        this(token, clientId, cursors, Map.of(), 0);
    }

    /** The same after another connection has had it. */
    public SessionSnapshot nextTurn() {
        return before(turn + 2);
    }

    /** The same, for the connection with this turn to take up. */
    public SessionSnapshot before(long next) {
        return new SessionSnapshot(token, clientId, cursors, members, next - 1);
    }
}
