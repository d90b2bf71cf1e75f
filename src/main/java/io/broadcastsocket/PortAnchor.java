package io.broadcastsocket;

import io.broadcastsocket.config.ServerConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Binds the port that the workers share, on the main verticle's event loop.
 *
 * <p>Thread-safe. In Vert.x the server that binds first must answer for every later one that joins it. Were that a worker,
 * a stuck worker could not be replaced. The anchor binds first, leaves the balancing as soon as the workers have joined,
 * and the listening socket lives as long as there is one of them. Workers bind it when they are ready to listen
 * themselves, so that the moment in which a connection would meet the anchor is short.
 */
final class PortAnchor {
    /** Free port of the system's choice, shared by all servers of this Vert.x instance that name it. */
    private static final int SHARED_FREE_PORT = -1;

    private final ServerConfig config;
    private final Context loop;
    private final HttpServer server;
    private final AtomicBoolean binding = new AtomicBoolean();
    private final Promise<Integer> bound = Promise.promise();

    /** Created on the main verticle's event loop. */
    PortAnchor(Vertx vertx, Context loop, ServerConfig config) {
        this.config = config;
        this.loop = loop;
        this.server = vertx.createHttpServer().requestHandler(request -> request.response()
                .setStatusCode(503)
                .putHeader("Connection", "close")
                .end("the server is starting\n"));
    }

    /** The port under which all servers meet: the configured one, or one that is free. */
    static int shared(ServerConfig config) {
        return config.port() == 0 ? SHARED_FREE_PORT : config.port();
    }

    /** Binds, the first time; gives the port. */
    Future<Integer> bind() {
        if (binding.compareAndSet(false, true)) {
            loop.runOnContext(here -> server.listen(shared(config), config.host())
                    .map(HttpServer::actualPort)
                    .onComplete(bound));
        }
        return bound.future();
    }

    /** Leaves the port to the workers, of which at least one must have joined. */
    Future<Void> release() {
        return server.close();
    }
}
