package io.broadcastsocket;

import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.WorkerRecord;
import io.broadcastsocket.session.Attendance;
import io.broadcastsocket.session.RateLimit;
import io.broadcastsocket.session.SessionDirectory;
import io.broadcastsocket.session.SessionLimits;
import io.broadcastsocket.session.SessionServices;
import io.broadcastsocket.stats.Metrics;
import io.broadcastsocket.transport.http.Api;
import io.broadcastsocket.transport.http.DemoPage;
import io.broadcastsocket.transport.websocket.Drain;
import io.broadcastsocket.transport.websocket.WebSocketGateway;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/**
 * One worker: an event loop with its connections and its shard of the hub, on the port that all workers share.
 *
 * <p>Nothing of it is touched by another thread, except {@link #abandon}.
 */
final class WebSocketVerticle extends VerticleBase {
    /** Bus purpose at which a worker answers the supervisor. */
    static final String PROBE = "probe";

    /** How often changed sessions are kept in case the node dies. */
    private static final long CHECKPOINT_MS = 500;

    /** How long the connections of a stuck worker are kept, so that it can send them away when it wakes up. */
    private static final long UNTIL_IT_WAKES_MS = 3_600_000;

    private final Node node;
    private final WorkerRecord worker;
    private final Metrics metrics;
    private final PortAnchor anchor;
    private final int instance;
    private volatile HttpServer server;
    private volatile boolean abandoned;

    // Set once in start()
    private WebSocketGateway gateway;
    private Router router;

    WebSocketVerticle(Node node, WorkerRecord worker, Metrics metrics, PortAnchor anchor) {
        this.node = node;
        this.worker = worker;
        this.metrics = metrics;
        this.anchor = anchor;
        this.instance = worker.nextInstance();
    }

    @Override
    public Future<?> start() {
        if (abandoned) {
            return Future.failedFuture("replaced before it started");
        }
        return Shards.start(
                        vertx,
                        context,
                        node,
                        worker.stats(),
                        worker.address("announcements"),
                        () -> worker.instance() == instance)
                .compose(this::serve)
                .compose(ready -> anchor.bind())
                .compose(bound -> listen())
                .onSuccess(this::listening);
    }

    /** Sends the clients away and waits for them, at most until the deadline. */
    @Override
    public Future<?> stop() {
        if (!abandoned) {
            node.readiness().drain();
        }
        ServerConfig.Shutdown shutdown = node.config().shutdown();
        stopAccepting(shutdown.deadlineMs());
        return new Drain(vertx, gateway, shutdown.spreadMs(), shutdown.deadlineMs()).start();
    }

    /** Another instance takes its place: takes no more connections. Any thread, also when the loop is stuck. */
    void abandon() {
        abandoned = true;
        stopAccepting(UNTIL_IT_WAKES_MS);
    }

    private void stopAccepting(long graceMs) {
        if (server != null) {
            server.shutdown(graceMs, TimeUnit.MILLISECONDS);
        }
    }

    private void listening(HttpServer open) {
        server = open;
        if (abandoned) {
            stopAccepting(UNTIL_IT_WAKES_MS);
            return;
        }
        worker.startedOn(Thread.currentThread().getName());
    }

    private Future<Void> serve(HubShard shard) {
        ServerConfig config = node.config();
        SessionDirectory directory = new SessionDirectory(
                node.sessions(),
                node.bus(),
                id -> node.address("sessions", id),
                worker.id(),
                node.workers().size());
        gateway = new WebSocketGateway(node, services(shard, directory));
        Api api = new Api(node, shard, metrics, worker.stats());
        router = config.publicApi() ? api.full(vertx) : api.health(vertx);
        if (config.demo()) {
            DemoPage.built().mount(router);
        }
        vertx.setPeriodic(gateway.tickMs(), timer -> gateway.tick());
        double share = CHECKPOINT_MS / (double) Math.max(CHECKPOINT_MS, checkpointMs(config));
        vertx.setPeriodic(CHECKPOINT_MS, timer -> directory.checkpoint(share));
        vertx.setPeriodic(Api.heartbeatMs(config.heartbeat().intervalMs()), timer -> api.heartbeat());
        node.bus().consume(worker.address(Api.CHANNELS), request -> node.bus()
                .reply(request, shard.subscribersByChannel()));
        node.bus().<String>consume(worker.address(Api.DISCONNECT), request -> node.bus()
                .reply(request, gateway.disconnect(request.body())));
        node.bus().consume(worker.address(PROBE), request -> node.bus().reply(request, true));
        return directory.listen();
    }

    /** Pongs say what has arrived, so between two heartbeats there is nothing new; but no checkpoint may expire. */
    private static long checkpointMs(ServerConfig config) {
        return Math.min(config.heartbeat().intervalMs(), config.sessions().ttlMs() / 3);
    }

    private Future<HttpServer> listen() {
        ServerConfig config = node.config();
        HttpServerOptions options =
                new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(Api.IDLE_SECONDS);
        return vertx.createHttpServer(options)
                .connectionHandler(gateway::accepted)
                .requestHandler(this::handle)
                .exceptionHandler(broken -> {})
                .listen(PortAnchor.shared(config), config.host());
    }

    private void handle(HttpServerRequest request) {
        gateway.requested(request.connection());
        if (WebSocketGateway.isUpgrade(request)) {
            gateway.upgrade(request);
        } else {
            router.handle(request);
        }
    }

    private SessionServices services(HubShard shard, SessionDirectory directory) {
        ServerConfig config = node.config();
        SessionLimits limits = new SessionLimits(
                config.limits().channelsPerConnection(),
                config.limits().messageBytes(),
                config.heartbeat().intervalMs(),
                config.sessions().reconnectSpreadMs(),
                config.sessions().ttlMs(),
                config.presence().infoBytes());
        RateLimit commands = new RateLimit(config.limits().commandsPerSecond(), 1000);
        return new SessionServices(
                node.id(),
                shard,
                node.broker(),
                node.presence(),
                new Attendance(
                        node.presence(),
                        node.lingering(),
                        new RateLimit(config.presence().changesPerMinute(), 60_000),
                        node.clock(),
                        worker.stats()),
                directory,
                limits,
                commands,
                node.broadcasts(),
                node.ids(),
                node.clock(),
                worker.stats());
    }
}
