package io.broadcastsocket.model;

/**
 * One of the connections that have had a session, one after the other.
 *
 * @param name what the session is called between nodes: its token, or a digest of it where others can read it
 * @param turn how many connections have had it before; {@link #WHICHEVER} for the one that has it
 */
public record SessionTurn(String name, long turn) {
    /** The connection that has it, whichever that is. */
    public static final long WHICHEVER = -1;

    /** The connection that has this session. */
    public static SessionTurn whichever(String name) {
        return new SessionTurn(name, WHICHEVER);
    }

    /** Whether the connection with this turn is meant. */
    public boolean is(long other) {
        return turn == WHICHEVER || turn == other;
    }
}
