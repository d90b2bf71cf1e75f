package io.broadcastsocket.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all nodes have and do, as each of them told a moment ago.
 *
 * @param channels a page of those that have subscribers, by name
 * @param channelCount how many have subscribers
 * @param next name of the channel after which the next page begins; empty on the last page
 */
public record ClusterReport(List<NodeRow> nodes, List<ChannelRow> channels, long channelCount, Optional<String> next) {
    /**
     * A node that lives.
     *
     * @param ageMs since it told this, milliseconds
     * @param counters what it has and has done, by name
     */
    public record NodeRow(String id, long uptimeMs, long ageMs, Map<String, Long> counters) {}

    /**
     * A channel.
     *
     * @param subscribers on all nodes
     * @param messages publications that were accepted in its life: its newest offset
     */
    public record ChannelRow(String channel, long subscribers, long messages) {}

    public ClusterReport {
        nodes = List.copyOf(nodes);
        channels = List.copyOf(channels);
    }
}
