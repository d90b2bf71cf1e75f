package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterReport;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what all nodes have told.
 *
 * <p>Thread-safe: everything is done on the bridge's event loop.
 */
final class CensusReader implements ClusterView {
    /** How long the names of all channels are kept, so that the pages of one reader cost one union. */
    private static final long NAMES_MS = 2000;

    private final Keys keys;
    private final Crossing crossing;
    private final Broker broker;

    // Set once in open()
    private Links links;

    CensusReader(RedisSettings settings, Crossing crossing, Broker broker) {
        this.keys = new Keys(settings.prefix());
        this.crossing = crossing;
        this.broker = broker;
    }

    /** On the bridge's event loop, once. */
    void open(Links opened) {
        links = opened;
    }

    @Override
    public Future<ClusterReport> report(String after, int limit) {
        return crossing.call(() -> links.run(
                        CensusWriter.TAG, Scripts.CENSUS_READ, List.of(keys.nodes(), keys.subscribersOfAll()), link ->
                                new Object[] {CensusWriter.DEAD_MS, NAMES_MS, after, limit})
                .compose(this::withMessages));
    }

    private Future<ClusterReport> withMessages(Response answer) {
        Map<String, Long> subscribers = new LinkedHashMap<>();
        Response page = answer.get(4);
        for (int i = 0; i < page.size(); i += 2) {
            subscribers.put(page.get(i).toString(), page.get(i + 1).toLong());
        }
        Optional<String> next = answer.get(2).toLong() == 1
                ? Optional.of(page.get(page.size() - 2).toString())
                : Optional.empty();
        // The names are a moment older than the subscribers.
        subscribers.values().removeIf(count -> count == 0);
        List<ClusterReport.NodeRow> nodes = nodes(answer.get(3), answer.get(0).toLong());
        long count = answer.get(1).toLong();
        return broker.tops(subscribers.keySet())
                .map(tops -> new ClusterReport(nodes, channels(subscribers, tops), count, next));
    }

    private static List<ClusterReport.ChannelRow> channels(Map<String, Long> subscribers, Map<String, Position> tops) {
        List<ClusterReport.ChannelRow> rows = new ArrayList<>();
        subscribers.forEach((channel, count) -> {
            if (tops.containsKey(channel)) {
                rows.add(new ClusterReport.ChannelRow(
                        channel, count, tops.get(channel).offset()));
            }
        });
        return rows;
    }

    private static List<ClusterReport.NodeRow> nodes(Response rows, long now) {
        List<ClusterReport.NodeRow> nodes = new ArrayList<>();
        for (int i = 0; i < rows.size(); i += 2) {
            try {
                nodes.add(node(
                        rows.get(i).toString(), new JsonObject(rows.get(i + 1).toString()), now));
            } catch (DecodeException | ClassCastException foreign) {
                // Somebody else's row says nothing about a node.
            }
        }
        nodes.sort((one, other) -> one.id().compareTo(other.id()));
        return nodes;
    }

    private static ClusterReport.NodeRow node(String id, JsonObject row, long now) {
        long age = Math.max(0, now - row.getLong("at"));
        Map<String, Long> counters = new LinkedHashMap<>();
        row.forEach(field -> {
            if (!field.getKey().equals("at") && !field.getKey().equals("uptimeMs")) {
                counters.put(field.getKey(), row.getLong(field.getKey()));
            }
        });
        return new ClusterReport.NodeRow(id, row.getLong("uptimeMs", 0L) + age, age, counters);
    }
}
