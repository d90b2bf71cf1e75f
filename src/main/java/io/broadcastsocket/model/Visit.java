package io.broadcastsocket.model;

import java.util.Objects;

/**
 * One stay of a client in a channel.
 *
 * @param clientId the client's public id, made by the server: nothing in it needs escaping in JSON
 * @param number grows with each stay of this client, on whatever node: what is still to be done about an earlier one changes
 *     nothing about a later one; below 2<sup>53</sup>, so that Lua can count it
 */
public record Visit(String clientId, long number) {
    /** How many stays one connection may have. */
    private static final int STAYS_BITS = 32;

    public Visit {
        Objects.requireNonNull(clientId, "clientId");
    }

    /**
     * A stay by way of a session.
     *
     * @param turn how many connections have had the session before
     * @param stay how many stays this connection has had before
     */
    public static Visit of(String clientId, long turn, long stay) {
        return new Visit(clientId, (turn << STAYS_BITS) + stay);
    }
}
