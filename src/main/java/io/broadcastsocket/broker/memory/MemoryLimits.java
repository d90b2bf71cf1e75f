package io.broadcastsocket.broker.memory;

/**
 * Bounds of the memory broker that are not a channel's rule.
 *
 * @param deduplicationMs how long a publisher's message id is remembered, milliseconds
 * @param deduplicationEntries most ids remembered per channel
 * @param positionMs how long epoch and top of an unused channel outlive its data, milliseconds
 * @param historyBytes bytes of all histories together above which the oldest publications go early
 */
public record MemoryLimits(long deduplicationMs, int deduplicationEntries, long positionMs, long historyBytes) {}
