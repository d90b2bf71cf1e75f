package io.broadcastsocket.broker;

import java.util.Map;

/**
 * What a node has and does.
 *
 * @param id unique for the life of the process
 * @param uptimeMs since it started, milliseconds
 * @param counters what it has and has done, by name
 * @param subscribers number of subscribers of each channel that has some
 */
public record NodeCensus(String id, long uptimeMs, Map<String, Long> counters, Map<String, Integer> subscribers) {}
