package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.ClusterReport;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /stats?scope=cluster}: what all nodes have and do, and a page of the channels with their subscribers everywhere. */
final class ClusterStats {
    private final Node node;

    ClusterStats(Node node) {
        this.node = node;
    }

    void answer(RoutingContext context, String after, int limit) {
        node.cluster()
                .report(after, limit)
                .onSuccess(report -> context.json(describe(report)))
                .onFailure(failure -> {
                    if (failure instanceof BrokerUnavailable unavailable) {
                        context.response()
                                .putHeader("Retry-After", Long.toString(1 + unavailable.retryAfterMs() / 1000));
                        Problem.send(
                                context,
                                503,
                                ErrorCode.UNAVAILABLE.code(),
                                "the other nodes cannot be seen at the moment",
                                new JsonObject().put("retryAfterMs", unavailable.retryAfterMs()));
                    } else {
                        context.fail(failure);
                    }
                });
    }

    private static JsonObject describe(ClusterReport report) {
        Map<String, Long> totals = new LinkedHashMap<>();
        JsonArray nodes = new JsonArray();
        for (ClusterReport.NodeRow row : report.nodes()) {
            row.counters().forEach((name, count) -> totals.merge(name, count, Long::sum));
            JsonObject described = new JsonObject()
                    .put("id", row.id())
                    .put("uptimeMs", row.uptimeMs())
                    .put("ageMs", row.ageMs());
            row.counters().forEach(described::put);
            nodes.add(described);
        }
        JsonArray channels = new JsonArray();
        for (ClusterReport.ChannelRow row : report.channels()) {
            channels.add(new JsonObject()
                    .put("channel", row.channel())
                    .put("subscribers", row.subscribers())
                    .put("messages", row.messages()));
        }
        JsonObject stats = new JsonObject()
                .put("scope", "cluster")
                .put("nodes", nodes)
                .put("totals", totals)
                .put("channels", channels)
                .put("channelCount", report.channelCount());
        report.next().ifPresent(next -> stats.put("next", next));
        return stats;
    }
}
