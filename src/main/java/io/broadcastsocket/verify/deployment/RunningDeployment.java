package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.wire.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Nodes that an operator runs.
 *
 * @param nodes their public URLs
 * @param apis the URLs of their APIs; without any, publications go over WebSocket
 */
public record RunningDeployment(List<URI> nodes, List<URI> apis, Optional<String> key) implements Deployment {
    public RunningDeployment {
        nodes = List.copyOf(nodes);
        apis = List.copyOf(apis);
    }

    @Override
    public List<Endpoint> endpoints() {
        return IntStream.range(0, nodes.size())
                .mapToObj(i -> Endpoint.of(nodes.get(i).toString(), nodes.get(i)))
                .toList();
    }

    @Override
    public Publishing publishing() {
        return new Publishing(apis.isEmpty() ? endpoints() : List.of(), apis, key);
    }

    @Override
    public List<String> deaths() {
        return List.of();
    }
}
