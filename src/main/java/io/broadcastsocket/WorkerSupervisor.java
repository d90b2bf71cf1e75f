package io.broadcastsocket;

import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.WorkerRecord;
import io.broadcastsocket.stats.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one worker running: asks it regularly whether it is alive, and replaces it when it is not.
 *
 * <p>Event loop only (the main verticle's). A worker whose loop is stuck cannot be stopped: its replacement starts first
 * and takes over the port, then the stuck one is told to accept nothing more, and undeployed for when it wakes up.
 */
final class WorkerSupervisor {
    private static final long MAX_BACKOFF_MS = 60_000;

    /** The first start loads classes, perhaps on a slow machine; a replacement that takes long is on a stuck loop. */
    private static final long FIRST_START_MS = 60_000;

    private static final Logger log = LoggerFactory.getLogger(WorkerSupervisor.class);

    private final Vertx vertx;
    private final Node node;
    private final Metrics metrics;
    private final WorkerRecord worker;
    private final PortAnchor anchor;
    private final ServerConfig.Supervision config;
    private WebSocketVerticle verticle;
    private String deploymentId;
    private long unansweredSince;
    private long backoffMs;
    private boolean asking;
    private boolean replacing;
    private boolean stopped;

    WorkerSupervisor(Vertx vertx, Node node, Metrics metrics, WorkerRecord worker, PortAnchor anchor) {
        this.vertx = vertx;
        this.node = node;
        this.metrics = metrics;
        this.worker = worker;
        this.anchor = anchor;
        this.config = node.config().supervision();
        this.backoffMs = config.backoffMs();
    }

    /** Deploys the worker. */
    Future<Void> start() {
        return deploy(FIRST_START_MS).onSuccess(up -> vertx.setPeriodic(config.probeMs(), timer -> probe()));
    }

    void stop() {
        stopped = true;
        worker.change(WorkerRecord.State.STOPPED, "");
    }

    private boolean isStopped() {
        return stopped || node.readiness().isDraining();
    }

    private Future<Void> deploy(long timeoutMs) {
        WebSocketVerticle fresh = new WebSocketVerticle(node, worker, metrics, anchor);
        return vertx.deployVerticle(fresh)
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .onSuccess(id -> {
                    verticle = fresh;
                    deploymentId = id;
                    unansweredSince = 0;
                    worker.change(WorkerRecord.State.UP, "");
                })
                .onFailure(failure -> {
                    worker.change(WorkerRecord.State.FAILED, String.valueOf(failure.getMessage()));
                    fresh.abandon();
                })
                .mapEmpty();
    }

    private void probe() {
        if (isStopped() || replacing) {
            return;
        }
        if (!asking) {
            asking = true;
            node.bus()
                    .request(worker.address(WebSocketVerticle.PROBE), "", config.blockedMs())
                    .onComplete(answer -> {
                        asking = false;
                        if (answer.succeeded()) {
                            unansweredSince = 0;
                            backoffMs = config.backoffMs();
                        }
                    });
        }
        long now = System.nanoTime();
        if (unansweredSince == 0) {
            unansweredSince = now;
        } else if ((now - unansweredSince) / 1_000_000 >= config.blockedMs()) {
            replace("its event loop has not answered for " + config.blockedMs() + " ms");
        }
    }

    private void replace(String reason) {
        replacing = true;
        worker.change(WorkerRecord.State.BLOCKED, reason);
        log.error("worker is blocked and will be replaced worker={} thread={}", worker.id(), worker.thread());
        WebSocketVerticle stuck = verticle;
        String stuckId = deploymentId;
        redeploy().onSuccess(up -> {
            stuck.abandon();
            vertx.undeploy(stuckId)
                    .onFailure(
                            failure -> log.warn("blocked worker could not be stopped worker={}", worker.id(), failure));
        });
    }

    /** Tries until it works, each time after twice the time. */
    private Future<Void> redeploy() {
        worker.countRestart();
        return deploy(config.blockedMs())
                .onSuccess(up -> {
                    replacing = false;
                    log.info("worker was replaced worker={} restarts={}", worker.id(), worker.restarts());
                })
                .recover(failure -> {
                    log.warn(
                            "worker could not be deployed worker={} retryMs={} reason={}",
                            worker.id(),
                            backoffMs,
                            failure.getMessage());
                    Future<Void> wait = vertx.timer(backoffMs).mapEmpty();
                    backoffMs = Math.min(MAX_BACKOFF_MS, backoffMs * 2);
                    return wait.compose(again -> isStopped() ? Future.failedFuture("stopped") : redeploy());
                });
    }
}
