package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the server that this repository builds is started for the benchmark. */
final class ServerUnderTest {
    private static final String CLUSTER = "cluster";
    private static final int FORGET_MS = 20_000;

    /** At 1,000/s the default of 1,000 would be a second: a machine that stalls for longer would make a gap, as promised. */
    private static final int MINUTE_OF_PUBLICATIONS = 60_000;

    /** How long the nodes of a cluster go on to announce a channel that nobody listens to. */
    static final int LINGER_MS = 1000;

    private ServerUnderTest() {}

    /** The part of the configuration that names Redis; without it the broker is the embedded one. */
    static JsonObject redis(String url) {
        return new JsonObject().put("redisUrl", url);
    }

    /** The part of the configuration that makes a node one of a cluster. */
    static JsonObject cluster(List<String> peers, int memberPort, int apiPort) {
        return new JsonObject()
                .put("api", new JsonObject().put("port", apiPort))
                .put(
                        CLUSTER,
                        new JsonObject()
                                .put("host", "127.0.0.1")
                                .put("port", memberPort)
                                .put("peers", new JsonArray(peers))
                                .put("lingerMs", LINGER_MS));
    }

    /** @param backend a part of the configuration */
    static List<String> command(Path jar, int port, Scenario scenario, Path directory, JsonObject backend)
            throws IOException {
        Path configuration = directory.resolve("configuration-" + port + ".json");
        Files.writeString(
                configuration,
                configuration(port, scenario.mode()).mergeIn(backend).encodePrettily());
        List<String> command = new ArrayList<>(List.of(Benchmark.java()));
        command.addAll(scenario.jvmFlags());
        command.addAll(List.of("-jar", jar.toString(), "--conf", configuration.toString()));
        if (backend.containsKey(CLUSTER)) {
            command.add("--cluster");
        }
        return command;
    }

    /** One worker, and no limit that the load would meet; offsets, deduplication, history and rules stay on. */
    private static JsonObject configuration(int port, Scenario.Mode mode) {
        JsonObject configuration = new JsonObject()
                .put("host", "127.0.0.1")
                .put("port", port)
                .put("workers", 1)
                .put("api", new JsonObject().put("port", 0))
                .put("limits", new JsonObject().put("broadcastsPerMinute", 0).put("commandsPerSecond", 0));
        if (mode == Scenario.Mode.REDIS_TWO_NODES) {
            configuration.put("history", new JsonObject().put("size", MINUTE_OF_PUBLICATIONS));
        }
        return mode == Scenario.Mode.SOAK ? forgetful(configuration) : configuration;
    }

    /** What is kept for a while is kept so briefly that the soak sees it go. */
    private static JsonObject forgetful(JsonObject configuration) {
        return configuration
                .put("history", new JsonObject().put("ttlMs", FORGET_MS))
                .put(
                        "broker",
                        new JsonObject().put("deduplicationMs", FORGET_MS).put("positionMs", FORGET_MS));
    }
}
