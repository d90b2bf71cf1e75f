package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.RedisUrl;

/**
 * How the bridge talks to Redis.
 *
 * @param url where Redis is
 * @param nodeId id of this node's life, in the names of its own keys and channels
 * @param prefix first part of the name of every key and channel
 * @param caFile PEM file with the authorities to trust for TLS; empty for those of the JVM
 * @param probeMs between two probes of each server
 * @param deadlineMs after which an unanswered probe, or a connection that is not made, counts as lost
 * @param waitMs how long reads and subscriptions wait for a server that is away
 * @param lingerMs how long a channel stays subscribed to after its last subscriber
 * @param queue bounds of the publications that wait for Redis
 * @param deduplicationMs how long a publisher's message id is remembered
 * @param positionMs how long epoch and top of an unused channel outlive its history
 * @param presence how members of channels are kept
 * @param ingest whether this node broadcasts what others add to the ingest stream
 * @param maxDataBytes largest data of an entry there
 */
public record RedisSettings(
        RedisUrl url,
        String nodeId,
        String prefix,
        String caFile,
        long probeMs,
        long deadlineMs,
        long waitMs,
        long lingerMs,
        Queue queue,
        long deduplicationMs,
        long positionMs,
        Presence presence,
        boolean ingest,
        int maxDataBytes) {
    /**
     * Bounds of the publications that wait for Redis; whichever is reached first.
     *
     * @param messages most publications
     * @param bytes most bytes of their data
     * @param ms longest wait, milliseconds
     */
    public record Queue(int messages, long bytes, long ms) {}

    /**
     * How members of channels are kept.
     *
     * @param leaseMs how long those of a node remain that died, milliseconds
     * @param lingerMs how long those of a node remain that stops, milliseconds
     */
    public record Presence(long leaseMs, long lingerMs) {}
}
