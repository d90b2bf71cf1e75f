package io.broadcastsocket.hub;

/**
 * Bounds of a shard.
 *
 * @param tailBytes most memory of a channel's tail beyond its newest segment
 * @param writeBytes most bytes written to one socket before the others get their turn
 * @param stalledMs how long a subscriber may take nothing before it is closed, milliseconds
 */
public record HubLimits(int tailBytes, int writeBytes, long stalledMs) {}
