package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.WorkerRecord;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code /stats}: what the node and its workers have done, and a page of the channels with their subscribers.
 *
 * <p>The channels are asked of the workers over the bus; one that does not answer is left out and named.
 */
final class StatsRoute {
    /** What a worker answers with: subscribers by channel. */
    static final String PURPOSE = "channels";

    /** Bus address at which the API's own port tells the same of its event streams. */
    static final String API_ADDRESS = "router." + PURPOSE;

    private static final long ASK_TIMEOUT_MS = 1000;
    private static final int MAX_PAGE = 1000;

    private final Node node;

    StatsRoute(Node node) {
        this.node = node;
    }

    void mount(Router router, Guard guard) {
        router.get("/stats").handler(guard).handler(this::stats);
    }

    private void stats(RoutingContext context) {
        int limit = Parameters.whole(context, "limit", 100, 0, MAX_PAGE);
        String after = context.queryParams().get("after");
        if (limit < 0) {
            Problem.send(context, 400, "invalid-request", "\"limit\" must be a whole number from 0 to " + MAX_PAGE);
            return;
        }
        List<Future<Map<String, Integer>>> answers = Stream.concat(
                        node.workers().stream().map(this::channelsOf), Stream.of(channelsOfApi()))
                .toList();
        Future.join(answers).onComplete(all -> context.json(report(answers, limit, after == null ? "" : after)));
    }

    private Future<Map<String, Integer>> channelsOf(WorkerRecord worker) {
        return node.bus().request(worker.address(PURPOSE), "", ASK_TIMEOUT_MS);
    }

    private Future<Map<String, Integer>> channelsOfApi() {
        return node.bus()
                .<Map<String, Integer>>request(API_ADDRESS, "", ASK_TIMEOUT_MS)
                .otherwise(Map.of());
    }

    private JsonObject report(List<Future<Map<String, Integer>>> answers, int limit, String after) {
        TreeMap<String, Integer> channels = new TreeMap<>();
        JsonArray silent = new JsonArray();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).succeeded()) {
                answers.get(i).result().forEach((name, count) -> channels.merge(name, count, Integer::sum));
            } else {
                silent.add(node.workers().get(i).id());
            }
        }
        channels.remove(node.canaryChannel());
        JsonObject report = new JsonObject()
                .put("node", node.id())
                .put("uptimeMs", node.clock().millis() - node.startedAt())
                .put("connections", node.connections().get())
                .put("totals", totals())
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
        return silent.isEmpty() ? report : report.put("silentWorkers", silent);
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

    private JsonObject totals() {
        JsonObject totals = counters(node.apiStats());
        for (WorkerRecord worker : node.workers()) {
            worker.stats().counters().forEach((name, count) -> totals.put(name, totals.getLong(name) + count));
        }
        return totals;
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
