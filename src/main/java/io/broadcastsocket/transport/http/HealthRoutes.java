package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.WorkerRecord;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /health}, {@code /health/live} and {@code /health/ready}.
 *
 * <p>Answers from any thread and asks nobody, so that it also answers when a worker is stuck.
 */
final class HealthRoutes {
    private final Node node;

    HealthRoutes(Node node) {
        this.node = node;
    }

    void mount(Router router) {
        mount(router, "/health", this::health);
        mount(router, "/health/live", context -> context.json(new JsonObject().put("status", "ok")));
        mount(router, "/health/ready", this::ready);
    }

    /** Load balancers ask by HEAD, too; the server leaves out the body then. */
    private static void mount(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).method(HttpMethod.HEAD).handler(handler);
    }

    private void health(RoutingContext context) {
        List<String> problems = problems();
        JsonArray workers = new JsonArray();
        node.workers().forEach(worker -> workers.add(describe(worker)));
        context.json(new JsonObject()
                .put("status", problems.isEmpty() ? "ok" : "degraded")
                .put("connections", node.connections().get())
                .put("node", node.id())
                .put("uptimeMs", node.clock().millis() - node.startedAt())
                .put("problems", new JsonArray(problems))
                .put("workers", workers));
    }

    private void ready(RoutingContext context) {
        List<String> problems = new ArrayList<>();
        node.broker().status().problem().ifPresent(problems::add);
        node.readiness().problem().ifPresent(problems::add);
        if (node.workers().stream().noneMatch(worker -> worker.state() == WorkerRecord.State.UP)) {
            problems.add("no worker is up");
        }
        context.response().setStatusCode(problems.isEmpty() ? 200 : 503);
        context.json(new JsonObject()
                .put("status", problems.isEmpty() ? "ready" : "not-ready")
                .put("problems", new JsonArray(problems))
                .put("lastDeliveryProof", node.readiness().lastProof()));
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        BrokerStatus broker = node.broker().status();
        broker.problem().ifPresent(problems::add);
        broker.degradation().ifPresent(problems::add);
        node.cluster().degradation().ifPresent(problems::add);
        node.readiness().problem().ifPresent(problems::add);
        for (WorkerRecord worker : node.workers()) {
            if (worker.state() != WorkerRecord.State.UP) {
                problems.add("worker " + worker.id() + " is " + worker.state().code()
                        + (worker.reason().isEmpty() ? "" : ": " + worker.reason()));
            }
        }
        return problems;
    }

    static JsonObject describe(WorkerRecord worker) {
        return new JsonObject()
                .put("id", worker.id())
                .put("state", worker.state().code())
                .put("reason", worker.reason())
                .put("restarts", worker.restarts())
                .put("thread", worker.thread());
    }
}
