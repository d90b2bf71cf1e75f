package io.broadcastsocket.node;

import io.broadcastsocket.broker.NodeCensus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what this node has and does: adds up counters, and asks the workers over the bus for their subscribers.
 *
 * <p>Thread-safe.
 */
public final class Census {
    /** Bus purpose at which a worker tells the subscribers of its channels. */
    public static final String PURPOSE = "channels";

    /** Bus address at which the API's own port tells the same of its event streams. */
    public static final String API_ADDRESS = "router." + PURPOSE;

    private static final long ASK_TIMEOUT_MS = 1000;

    /**
     * Who listens to what.
     *
     * @param byChannel number of subscribers
     * @param silent workers that did not tell in time, and are left out
     */
    public record Subscribers(Map<String, Integer> byChannel, List<Integer> silent) {}

    private final Node node;

    public Census(Node node) {
        this.node = node;
    }

    /** Everything. */
    public Future<NodeCensus> take() {
        Map<String, Long> counters = counters();
        counters.put("connections", (long) node.connections().get());
        long uptimeMs = node.clock().millis() - node.startedAt();
        return subscribers().map(found -> new NodeCensus(node.id(), uptimeMs, counters, found.byChannel()));
    }

    /** What the workers and the API's own port have done together. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>(node.apiStats().counters());
        for (WorkerRecord worker : node.workers()) {
            worker.stats().counters().forEach((name, count) -> counters.merge(name, count, Long::sum));
        }
        return counters;
    }

    /** The subscribers of all channels. */
    public Future<Subscribers> subscribers() {
        Future<Map<String, Integer>> api = ask(API_ADDRESS).otherwise(Map.of());
        List<Future<Map<String, Integer>>> workers = node.workers().stream()
                .map(worker -> ask(worker.address(PURPOSE)))
                .toList();
        return api.eventually(() -> Future.join(workers).otherwiseEmpty()).map(done -> add(api.result(), workers));
    }

    private Future<Map<String, Integer>> ask(String address) {
        return node.bus().request(address, "", ASK_TIMEOUT_MS);
    }

    private Subscribers add(Map<String, Integer> api, List<Future<Map<String, Integer>>> workers) {
        Map<String, Integer> channels = new HashMap<>(api);
        List<Integer> silent = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).succeeded()) {
                workers.get(i).result().forEach((name, count) -> channels.merge(name, count, Integer::sum));
            } else {
                silent.add(node.workers().get(i).id());
            }
        }
        return new Subscribers(channels, silent);
    }
}
