package io.broadcastsocket;

import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.stats.Metrics;
import io.broadcastsocket.transport.http.Api;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** The HTTP API for backends and operators, on a port of its own. */
final class RouterVerticle extends VerticleBase {

    private final Node node;
    private final Metrics metrics;
    private HttpServer server;

    RouterVerticle(Node node, Metrics metrics) {
        this.node = node;
        this.metrics = metrics;
    }

    /** The port that it listens on; only after it was deployed. */
    int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> start() {
        ServerConfig.Api config = node.config().api();
        HttpServerOptions options =
                new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout(Api.IDLE_SECONDS);
        return Shards.start(vertx, context, node, node.apiStats(), "router.announcements", () -> true)
                .compose(shard -> {
                    Api api = new Api(node, shard, metrics, node.apiStats());
                    node.bus().consume(Api.API_CHANNELS, request -> node.bus()
                            .reply(request, shard.subscribersByChannel()));
                    vertx.setPeriodic(
                            Api.heartbeatMs(node.config().heartbeat().intervalMs()), timer -> api.heartbeat());
                    return vertx.createHttpServer(options)
                            .requestHandler(api.full(vertx))
                            .exceptionHandler(broken -> {})
                            .listen(config.port(), config.host());
                })
                .onSuccess(open -> server = open);
    }
}
