package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterReport;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.NodeCensus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What all nodes have and do, by asking them.
 *
 * <p>Thread-safe: everything is done on the adapter's event loop. A node that does not answer is left out.
 *
 * <pre>
 * ask  census {}               → {id, uptimeMs, counters: {name: number}, subscribers: {channel: number}}
 *      disconnect {client}     → {found}
 * </pre>
 */
final class ClusterCensus implements ClusterView {
    private static final String CENSUS = "census";
    private static final String DISCONNECT = "disconnect";
    private static final long ANSWER_MS = 2000;

    private final Crossing crossing;
    private final Broker broker;

    // Set once in open()
    private Cluster cluster;
    private Local own;

    /** @param broker tells how many publications channels have had */
    ClusterCensus(Crossing crossing, Broker broker) {
        this.crossing = crossing;
        this.broker = broker;
    }

    /** On the adapter's event loop, once, before the cluster is open. */
    void open(Cluster opened, Local local) {
        cluster = opened;
        own = local;
        cluster.bus().answer(CENSUS, question -> local.census().map(ClusterCensus::encode));
        cluster.bus().answer(DISCONNECT, question -> local.disconnect(question.getString("client"))
                .map(found -> new JsonObject().put("found", found)));
    }

    @Override
    public Optional<String> degradation() {
        return crossing.isOpen() ? cluster.degradation() : Optional.empty();
    }

    @Override
    public Future<ClusterReport> report(String after, int limit) {
        return crossing.call(() -> {
            List<Future<NodeCensus>> others = cluster.peers().nodes().stream()
                    .map(node -> cluster.bus()
                            .ask(node, CENSUS, new JsonObject(), ANSWER_MS)
                            .map(ClusterCensus::decode))
                    .toList();
            return own.census().compose(mine -> Future.join(others)
                    .otherwiseEmpty()
                    .compose(asked -> report(
                            Stream.concat(
                                            Stream.of(mine),
                                            others.stream()
                                                    .filter(Future::succeeded)
                                                    .map(Future::result))
                                    .toList(),
                            after,
                            limit)));
        });
    }

    @Override
    public Future<Boolean> disconnect(String clientId) {
        return crossing.call(() -> {
            List<Future<Boolean>> asked = cluster.peers().nodes().stream()
                    .map(node -> cluster.bus()
                            .ask(node, DISCONNECT, new JsonObject().put("client", clientId), ANSWER_MS)
                            .map(answer -> answer.getBoolean("found"))
                            .otherwise(false))
                    .toList();
            return Future.all(asked).map(all -> asked.stream().anyMatch(Future::result));
        });
    }

    private Future<ClusterReport> report(List<NodeCensus> nodes, String after, int limit) {
        TreeMap<String, Long> subscribers = new TreeMap<>();
        nodes.forEach(node ->
                node.subscribers().forEach((channel, count) -> subscribers.merge(channel, (long) count, Long::sum)));
        Map<String, Long> rest = subscribers.tailMap(after, false);
        List<String> page = rest.keySet().stream().limit(limit).toList();
        Optional<String> next = rest.size() > page.size() && !page.isEmpty()
                ? Optional.of(page.get(page.size() - 1))
                : Optional.empty();
        return broker.tops(page)
                .map(tops -> new ClusterReport(
                        nodes.stream()
                                .map(node -> new ClusterReport.NodeRow(node.id(), node.uptimeMs(), 0, node.counters()))
                                .toList(),
                        page.stream()
                                .filter(tops::containsKey)
                                .map(channel -> new ClusterReport.ChannelRow(
                                        channel,
                                        rest.get(channel),
                                        tops.get(channel).offset()))
                                .toList(),
                        subscribers.size(),
                        next));
    }

    private static JsonObject encode(NodeCensus census) {
        JsonObject subscribers = new JsonObject();
        census.subscribers().forEach(subscribers::put);
        JsonObject counters = new JsonObject();
        census.counters().forEach(counters::put);
        return new JsonObject()
                .put("id", census.id())
                .put("uptimeMs", census.uptimeMs())
                .put("counters", counters)
                .put("subscribers", subscribers);
    }

    private static NodeCensus decode(JsonObject json) {
        Map<String, Long> counters = new LinkedHashMap<>();
        JsonObject counted = json.getJsonObject("counters");
        counted.fieldNames().forEach(name -> counters.put(name, counted.getLong(name)));
        Map<String, Integer> subscribers = new LinkedHashMap<>();
        JsonObject channels = json.getJsonObject("subscribers");
        channels.fieldNames().forEach(name -> subscribers.put(name, channels.getInteger(name)));
        return new NodeCensus(json.getString("id"), json.getLong("uptimeMs"), counters, subscribers);
    }
}
