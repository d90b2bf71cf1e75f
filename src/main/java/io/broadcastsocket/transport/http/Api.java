package io.broadcastsocket.transport.http;

import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.node.Census;
import io.broadcastsocket.node.Disconnect;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.stats.Metrics;
import io.broadcastsocket.stats.WorkerStats;
import io.broadcastsocket.transport.OriginPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API: which routes there are. {@code openapi.json} describes them, and a test holds both equal.
 *
 * <p>Event loop only: one instance per verticle that serves HTTP.
 */
public final class Api {
    /** Bus purpose at which a worker tells its channels and their subscribers. */
    public static final String CHANNELS = Census.PURPOSE;

    /** Bus address at which the API's own port tells the same of its event streams. */
    public static final String API_CHANNELS = Census.API_ADDRESS;

    /** Bus purpose at which a worker ends the connection of a client. */
    public static final String DISCONNECT = Disconnect.PURPOSE;

    /** A connection without any traffic for so long is closed. */
    public static final int IDLE_SECONDS = 60;

    private static final Logger log = LoggerFactory.getLogger(Api.class);

    private final Node node;
    private final Metrics metrics;
    private final WorkerStats stats;
    private final EventsRoute events;

    /**
     * @param shard serves the event streams of this verticle
     * @param stats counts what is published through it
     */
    public Api(Node node, HubShard shard, Metrics metrics, WorkerStats stats) {
        this.stats = stats;
        this.node = node;
        this.metrics = metrics;
        this.events = new EventsRoute(node, shard);
    }

    /** All routes. */
    public Router full(Vertx vertx) {
        Router router = health(vertx);
        Guard guard = new Guard(node.config().api().keys(), node.config().trustedProxyHops());
        Buffer document = resource("/openapi.json");
        router.get("/openapi.json").handler(context -> context.response()
                .putHeader("Content-Type", "application/json")
                .end(document));
        new StatsRoute(node).mount(router, guard);
        new BroadcastRoute(node, stats).mount(router, guard);
        new HistoryRoute(node).mount(router, guard);
        new PresenceRoute(node).mount(router, guard);
        new ClientsRoute(node).mount(router, guard);
        events.mount(router, guard);
        router.get("/metrics").handler(guard).handler(context -> context.response()
                .putHeader("Content-Type", Metrics.CONTENT_TYPE)
                .end(metrics.scrape()));
        return router;
    }

    /** Only what a load balancer asks for. */
    public Router health(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(new Origins(new OriginPolicy(node.config().origins())));
        new HealthRoutes(node).mount(router);
        router.errorHandler(400, context -> Problem.send(context, 400, "bad-request", "the request cannot be read"));
        router.errorHandler(404, context -> Problem.send(context, 404, "not-found", "there is no such route"));
        router.errorHandler(
                405, context -> Problem.send(context, 405, "method-not-allowed", "the route has other methods"));
        router.errorHandler(
                413,
                context -> Problem.send(
                        context,
                        413,
                        "body-too-large",
                        "a body may have " + node.config().api().maxBodyBytes() + " bytes"));
        router.errorHandler(500, Api::failed);
        return router;
    }

    /** Milliseconds between two calls of {@link #heartbeat}: the heartbeat interval, or less so that no stream is idle. */
    public static long heartbeatMs(long intervalMs) {
        return Math.min(intervalMs, IDLE_SECONDS * 1000L / 2);
    }

    /** Keeps idle event streams alive. */
    public void heartbeat() {
        events.heartbeat();
    }

    private static void failed(RoutingContext context) {
        log.error("request failed path={}", context.normalizedPath(), context.failure());
        Problem.send(context, 500, "internal-error", "the server failed to do this");
    }

    private static Buffer resource(String name) {
        try (InputStream in = Objects.requireNonNull(Api.class.getResourceAsStream(name), name)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
