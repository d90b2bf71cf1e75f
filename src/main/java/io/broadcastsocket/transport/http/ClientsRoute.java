package io.broadcastsocket.transport.http;

import io.broadcastsocket.node.Disconnect;
import io.broadcastsocket.node.Node;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code DELETE /clients/{id}}: ends the connection of a client, on whatever worker of whatever node it is. */
final class ClientsRoute {

    private final Node node;

    ClientsRoute(Node node) {
        this.node = node;
    }

    void mount(Router router, Guard guard) {
        router.delete("/clients/:id").handler(guard).handler(this::disconnect);
    }

    private void disconnect(RoutingContext context) {
        String clientId = context.pathParam("id");
        new Disconnect(node)
                .client(clientId)
                .compose(found ->
                        found ? Future.succeededFuture(true) : node.cluster().disconnect(clientId))
                .onSuccess(found -> {
                    if (found) {
                        context.response().setStatusCode(204).end();
                    } else {
                        Problem.send(context, 404, "no-such-client", "no client with this id is connected");
                    }
                })
                .onFailure(context::fail);
    }
}
