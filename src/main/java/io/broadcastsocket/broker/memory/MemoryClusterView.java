package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterReport;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The view of a node that is alone.
 *
 * <p>Thread-safe.
 */
public final class MemoryClusterView implements ClusterView {
    private final Supplier<Future<NodeCensus>> census;
    private final Broker broker;

    /** @param census asks this node what it has and does */
    public MemoryClusterView(Supplier<Future<NodeCensus>> census, Broker broker) {
        this.census = census;
        this.broker = broker;
    }

    @Override
    public Future<ClusterReport> report(String after, int limit) {
        return census.get().compose(node -> {
            NavigableMap<String, Integer> rest = new TreeMap<>(node.subscribers()).tailMap(after, false);
            List<String> page = rest.keySet().stream().limit(limit).toList();
            return broker.tops(page).map(tops -> report(node, page, tops, rest.size() > page.size()));
        });
    }

    private static ClusterReport report(
            NodeCensus node, List<String> page, Map<String, Position> tops, boolean hasMore) {
        return new ClusterReport(
                List.of(new ClusterReport.NodeRow(node.id(), node.uptimeMs(), 0, node.counters())),
                page.stream()
                        .map(channel -> new ClusterReport.ChannelRow(
                                channel,
                                node.subscribers().get(channel),
                                tops.get(channel).offset()))
                        .toList(),
                node.subscribers().size(),
                hasMore && !page.isEmpty() ? Optional.of(page.get(page.size() - 1)) : Optional.empty());
    }
}
