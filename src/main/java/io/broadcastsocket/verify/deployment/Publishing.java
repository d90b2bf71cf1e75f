package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.wire.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The ways to publish: one or both.
 *
 * @param sockets nodes to which it is done over WebSocket
 * @param apis nodes to which it is done by HTTP
 * @param key the API key for HTTP, if there is one
 */
public record Publishing(List<Endpoint> sockets, List<URI> apis, Optional<String> key) {
    public Publishing {
        sockets = List.copyOf(sockets);
        apis = List.copyOf(apis);
    }
}
