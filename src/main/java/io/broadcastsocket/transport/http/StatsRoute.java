package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.node.Census;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.WorkerRecord;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * {@code /stats}: what the node and its workers have done, and a page of the channels with their subscribers.
 *
 * <p>The channels are asked of the workers over the bus; one that does not answer is left out and named.
 */
final class StatsRoute {
    private static final int MAX_PAGE = 1000;

    private final Node node;
    private final Census census;
    private final ClusterStats cluster;

    StatsRoute(Node node) {
        this.node = node;
        this.census = new Census(node);
        this.cluster = new ClusterStats(node);
    }

    void mount(Router router, Guard guard) {
        router.get("/stats").handler(guard).handler(this::stats);
    }

    private void stats(RoutingContext context) {
        int limit = Parameters.whole(context, "limit", 100, 0, MAX_PAGE);
        String after = Objects.requireNonNullElse(context.queryParams().get("after"), "");
        String scope = Objects.requireNonNullElse(context.queryParams().get("scope"), "node");
        if (limit < 0) {
            Problem.send(context, 400, "invalid-request", "\"limit\" must be a whole number from 0 to " + MAX_PAGE);
            return;
        }
        switch (scope) {
            case "node" ->
                census.subscribers()
                        .onSuccess(found -> context.json(report(found, limit, after)))
                        .onFailure(context::fail);
            case "cluster" -> cluster.answer(context, after, limit);
            default -> Problem.send(context, 400, "invalid-request", "\"scope\" must be \"node\" or \"cluster\"");
        }
    }

    private JsonObject report(Census.Subscribers subscribers, int limit, String after) {
        TreeMap<String, Integer> channels = new TreeMap<>(subscribers.byChannel());
        JsonObject report = new JsonObject()
                .put("node", node.id())
                .put("uptimeMs", node.clock().millis() - node.startedAt())
                .put("connections", node.connections().get())
                .put("totals", census.counters())
                .put("broker", broker())
                .put("workers", workers())
                .put(
                        "lastDeliveryProof",
                        new JsonObject()
                                .put("timestamp", node.readiness().lastProof())
                                .put("roundTripMicros", node.readiness().roundTripMicros()))
                .put("channels", page(channels.tailMap(after, false), limit))
                .put("channelCount", channels.size());
        Map.Entry<String, Integer> last = limit == 0 ? null : lastOf(channels.tailMap(after, false), limit);
        if (last != null) {
            report.put("next", last.getKey());
        }
        return subscribers.silent().isEmpty()
                ? report
                : report.put("silentWorkers", new JsonArray(subscribers.silent()));
    }

    private JsonObject broker() {
        BrokerStatus status = node.broker().status();
        JsonObject broker = new JsonObject().put("adapter", status.adapter());
        status.problem().ifPresent(problem -> broker.put("problem", problem));
        status.degradation().ifPresent(degradation -> broker.put("degradation", degradation));
        status.counters().forEach(broker::put);
        return broker;
    }

    private JsonArray workers() {
        JsonArray workers = new JsonArray();
        for (WorkerRecord worker : node.workers()) {
            workers.add(HealthRoutes.describe(worker).mergeIn(counters(worker.stats())));
        }
        return workers;
    }

    private static JsonObject counters(WorkerStats stats) {
        JsonObject counters = new JsonObject();
        stats.counters().forEach(counters::put);
        return counters;
    }

    private static JsonArray page(Map<String, Integer> channels, int limit) {
        JsonArray page = new JsonArray();
        channels.entrySet().stream()
                .limit(limit)
                .forEach(entry ->
                        page.add(new JsonObject().put("channel", entry.getKey()).put("subscribers", entry.getValue())));
        return page;
    }

    /** The entry to go on after, when the page is not the last. */
    private static Map.Entry<String, Integer> lastOf(Map<String, Integer> channels, int limit) {
        return channels.size() <= limit
                ? null
                : channels.entrySet().stream().skip(limit - 1L).findFirst().orElse(null);
    }
}
