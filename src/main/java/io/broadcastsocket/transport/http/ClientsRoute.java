package io.broadcastsocket.transport.http;

import io.broadcastsocket.node.Node;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code DELETE /clients/{id}}: ends the connection of a client, on whatever worker it is. */
final class ClientsRoute {
    /** What a worker is asked: to disconnect the client with this id. */
    static final String PURPOSE = "disconnect";

    private static final long ASK_TIMEOUT_MS = 1000;

    private final Node node;

    ClientsRoute(Node node) {
        this.node = node;
    }

    void mount(Router router, Guard guard) {
        router.delete("/clients/:id").handler(guard).handler(this::disconnect);
    }

    private void disconnect(RoutingContext context) {
        String clientId = context.pathParam("id");
        List<Future<Boolean>> answers = node.workers().stream()
                .map(worker -> node.bus()
                        .<Boolean>request(worker.address(PURPOSE), clientId, ASK_TIMEOUT_MS)
                        .otherwise(false))
                .toList();
        Future.all(answers).onComplete(all -> {
            if (answers.stream().anyMatch(Future::result)) {
                context.response().setStatusCode(204).end();
            } else {
                Problem.send(context, 404, "no-such-client", "no client with this id is connected to this node");
            }
        });
    }
}
