package io.broadcastsocket.session;

/**
 * What a session may do, and what a client is told about it.
 *
 * @param maxChannels most subscriptions, {@code *} not counted
 * @param maxMessageBytes largest message of a client
 * @param heartbeatMs interval of the server's pings
 * @param spreadMs over how long reconnects should spread
 * @param sessionTtlMs how long a session waits for its client
 * @param infoBytes most bytes of what a client shows of itself to a channel's members
 */
public record SessionLimits(
        int maxChannels, int maxMessageBytes, long heartbeatMs, long spreadMs, long sessionTtlMs, int infoBytes) {}
