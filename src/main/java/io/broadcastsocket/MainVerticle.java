package io.broadcastsocket;

import io.broadcastsocket.broker.cluster.ClusterAdapter;
import io.broadcastsocket.broker.cluster.ClusterControl;
import io.broadcastsocket.broker.cluster.ClusterMembership;
import io.broadcastsocket.broker.cluster.ClusterRefused;
import io.broadcastsocket.broker.redis.RedisAdapter;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.config.ConfigLoader;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.Readiness;
import io.broadcastsocket.node.WorkerRecord;
import io.broadcastsocket.session.AddressLimiter;
import io.broadcastsocket.session.Ids;
import io.broadcastsocket.session.Lingering;
import io.broadcastsocket.session.RateLimit;
import io.broadcastsocket.stats.Metrics;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wiring: reads the configuration, builds what all share, and deploys and supervises the rest. */
public final class MainVerticle extends VerticleBase {
    private static final long EXPIRE_MS = 1000;
    private static final long LINGER_MS = 100;
    private static final Logger log = LoggerFactory.getLogger(MainVerticle.class);

    private final Map<String, String> environment;
    private final Optional<ClusterMembership> membership;
    private final InstantSource clock = InstantSource.system();
    private final Metrics metrics = new Metrics();
    private final List<WorkerSupervisor> supervisors = new ArrayList<>();
    private final LocalNode local = new LocalNode();
    private volatile Node node;
    private volatile int port;
    private volatile int apiPort;

    /** Deployed by name: takes the process's environment. */
    public MainVerticle() {
        this(System.getenv());
    }

    /** @param environment variables that win over the configuration */
    public MainVerticle(Map<String, String> environment) {
        this(environment, Optional.empty());
    }

    /**
     * @param environment variables that win over the configuration
     * @param membership what Vert.x has joined a cluster with
     */
    public MainVerticle(Map<String, String> environment, Optional<ClusterMembership> membership) {
        this.environment = Map.copyOf(environment);
        this.membership = membership;
    }

    /** The public port; only after it was deployed. */
    public int port() {
        return port;
    }

    /** The API's own port; only after it was deployed. */
    public int apiPort() {
        return apiPort;
    }

    @Override
    public Future<?> start() {
        ServerConfig config = new ConfigLoader().load(config(), environment);
        Ids ids = Ids.secure();
        boolean isMember = membership.isPresent();
        if (vertx.isClustered() != isMember || (config.cluster().enabled() && !isMember)) {
            return Future.failedFuture(
                    new StartupException(
                            "a node of a cluster is started by the jar itself: java -jar broadcast-socket.jar --cluster --conf …"));
        }
        String nodeId = membership.map(joined -> joined.settings().nodeId()).orElseGet(ids::node);
        return openBackend(config, ids, nodeId)
                .compose(backend -> start(config, ids, nodeId, backend))
                .recover(failure -> Future.failedFuture(explain(failure, config)));
    }

    private Future<?> start(ServerConfig config, Ids ids, String nodeId, Backend backend) {
        AddressLimiter broadcasts =
                new AddressLimiter(new RateLimit(config.limits().broadcastsPerMinute(), 60_000), clock);
        node = new Node(
                nodeId,
                clock.millis(),
                config,
                backend.broker(),
                backend.sessions(),
                backend.presence(),
                new Lingering(backend.presence(), config.presence().lingerMs(), clock),
                backend.cluster(),
                broadcasts,
                ids,
                clock,
                new LocalBus(vertx).register(),
                IntStream.range(0, config.workers()).mapToObj(WorkerRecord::new).toList(),
                new WorkerStats(),
                new Readiness(clock),
                new AtomicInteger(),
                ids.sessionToken());
        local.started(node);
        expireRegularly(backend, broadcasts);
        vertx.setPeriodic(LINGER_MS, timer -> node.lingering().expire());
        meter();
        RouterVerticle router = new RouterVerticle(node, metrics);
        PortAnchor anchor = new PortAnchor(vertx, context, config);
        return startWorkers(anchor)
                .compose(started -> anchor.bind())
                .onSuccess(bound -> port = bound)
                .compose(bound -> vertx.deployVerticle(router))
                .onSuccess(deployed -> {
                    apiPort = router.port();
                    new Canary(vertx, node, config.host(), port).start();
                    logStarted(config);
                });
    }

    /** Redis if it is configured, whether it is there or not; then the cluster; otherwise the memory of this process. */
    private Future<Backend> openBackend(ServerConfig config, Ids ids, String nodeId) {
        if (config.redis().isPresent()) {
            return openRedis(config, nodeId).compose(backend -> membership
                    .map(joined -> openControl(config, joined, backend))
                    .orElse(Future.succeededFuture(backend)));
        }
        return membership
                .map(joined -> openCluster(config, joined))
                .orElseGet(() ->
                        Future.succeededFuture(Backend.memory(config, clock, ids.node(), metrics, local::census)));
    }

    private Future<Backend> openRedis(ServerConfig config, String nodeId) {
        RedisAdapter adapter = new RedisAdapter(
                Backend.settings(config, config.redis().get(), nodeId),
                config.channels(),
                config.sessions().ttlMs());
        RedisBridge bridge = new RedisBridge(
                adapter,
                local::saveAway,
                local::census,
                local::isConnected,
                config.shutdown().deadlineMs());
        return vertx.deployVerticle(bridge)
                .map(deployed -> new Backend(
                        adapter.broker(), adapter.sessions(), adapter.presence(), adapter.cluster(), () -> {}));
    }

    private Future<Backend> openCluster(ServerConfig config, ClusterMembership joined) {
        ClusterAdapter adapter =
                new ClusterAdapter(joined, config.channels(), config.sessions().ttlMs());
        return vertx.deployVerticle(
                        ClusterBridge.of(adapter, local, config.shutdown().deadlineMs()))
                .map(deployed -> new Backend(
                        adapter.broker(), adapter.sessions(), adapter.presence(), adapter.cluster(), () -> {}));
    }

    private Future<Backend> openControl(ServerConfig config, ClusterMembership joined, Backend redis) {
        ClusterControl control = new ClusterControl(joined, redis.broker());
        return vertx.deployVerticle(
                        ClusterBridge.of(control, local, config.shutdown().deadlineMs()))
                .map(deployed -> new Backend(
                        redis.broker(), redis.sessions(), redis.presence(), control.cluster(), redis.expire()));
    }

    @Override
    public Future<?> stop() {
        node.readiness().drain();
        supervisors.forEach(WorkerSupervisor::stop);
        metrics.close();
        return Future.succeededFuture();
    }

    private Future<Void> startWorkers(PortAnchor anchor) {
        Future<Void> started = Future.succeededFuture();
        for (WorkerRecord worker : node.workers()) {
            metrics.add(Integer.toString(worker.id()), worker.stats());
            WorkerSupervisor supervisor = new WorkerSupervisor(vertx, node, metrics, worker, anchor);
            supervisors.add(supervisor);
            started = started.compose(before -> supervisor.start()).compose(up -> anchor.release());
        }
        return started;
    }

    private void expireRegularly(Backend backend, AddressLimiter broadcasts) {
        vertx.setPeriodic(EXPIRE_MS, timer -> vertx.executeBlocking(() -> {
                    backend.expire().run();
                    broadcasts.expire();
                    return null;
                })
                .onFailure(failure -> log.error("expiry failed", failure)));
    }

    private void meter() {
        metrics.add("api", node.apiStats());
        metrics.gauge("node_connections", node.connections(), AtomicInteger::get);
        for (String counter : node.broker().status().counters().keySet()) {
            metrics.gauge("broker_" + Metrics.snake(counter), node.broker(), broker -> broker.status()
                    .counters()
                    .get(counter));
        }
        metrics.gauge("ready", node.readiness(), ready -> ready.problem().isEmpty() ? 1 : 0);
        metrics.gauge("delivery_proof_micros", node.readiness(), Readiness::roundTripMicros);
    }

    private void logStarted(ServerConfig config) {
        log.info(
                "server started node={} port={} apiPort={} workers={} mode={} nativeTransport={}",
                node.id(),
                port,
                apiPort,
                config.workers(),
                config.mode(),
                vertx.isNativeTransportEnabled());
    }

    private static Throwable explain(Throwable failure, ServerConfig config) {
        if (failure instanceof ClusterRefused) {
            return new StartupException("cannot join the cluster: " + failure.getMessage());
        }
        return failure instanceof IOException
                ? new StartupException("cannot listen: port " + config.port() + " or "
                        + config.api().port()
                        + " is in use or not allowed (" + failure.getMessage()
                        + "); choose others with PORT and BROADCAST_API_PORT")
                : failure;
    }
}
