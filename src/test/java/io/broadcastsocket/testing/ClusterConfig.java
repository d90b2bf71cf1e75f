package io.broadcastsocket.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Configurations of nodes that are one cluster, on free loopback ports. */
public final class ClusterConfig {
    private ClusterConfig() {}

    /** One for each of so many nodes, with a death that is noticed soon. */
    public static List<JsonObject> of(int nodes) {
        List<Integer> ports =
                IntStream.range(0, nodes).mapToObj(i -> FreePort.next()).toList();
        JsonArray peers = new JsonArray();
        ports.forEach(port -> peers.add("127.0.0.1:" + port));
        String name = "test-" + UUID.randomUUID();
        return ports.stream()
                .map(port -> new JsonObject()
                        .put(
                                "cluster",
                                new JsonObject()
                                        .put("enabled", true)
                                        .put("name", name)
                                        .put("port", port)
                                        .put("peers", peers.copy())
                                        .put("failureMs", 3000)))
                .toList();
    }
}
