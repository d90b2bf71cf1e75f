package io.broadcastsocket.model;

/**
 * One of the connections that have had a session, one after the other.
 *
 * @param token the session's secret
 * @param turn how many connections have had it before; {@link #WHICHEVER} for the one that has it
 */
public record SessionTurn(String token, long turn) {
    /** The connection that has it, whichever that is. */
    public static final long WHICHEVER = -1;

    /** The connection that has the session with this token. */
    public static SessionTurn whichever(String token) {
        return new SessionTurn(token, WHICHEVER);
    }

    /** Whether the connection with this turn is meant. */
    public boolean is(long other) {
        return turn == WHICHEVER || turn == other;
    }
}
