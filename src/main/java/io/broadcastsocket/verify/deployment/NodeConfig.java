package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.options.Broker;
import io.broadcastsocket.verify.options.Pace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The configurations of local nodes.
 *
 * @param name of this deployment, which keeps it apart from others in the same Redis or network
 * @param key opens the API
 * @param peers addresses of all members
 * @param members how many nodes there are when all are there
 */
record NodeConfig(String name, String key, Pace pace, List<String> peers, int members) {
    private static final int HISTORY = 100_000;
    private static final int WORKERS = 2;
    /** Keys in Redis are gone soon after the run. */
    private static final int POSITION_MS = 600_000;

    JsonObject of(NodePlace place, Broker broker) {
        JsonObject config = new JsonObject()
                .put("mode", "development")
                .put("host", place.clientHost())
                .put("port", place.port())
                .put("workers", WORKERS)
                .put("api", api(place))
                .put("limits", new JsonObject().put("broadcastsPerMinute", 0).put("commandsPerSecond", 0))
                .put("heartbeat", heartbeat())
                .put("session", new JsonObject().put("reconnectSpreadMs", spreadMs()))
                .put("history", new JsonObject().put("size", HISTORY))
                .put(
                        "shutdown",
                        new JsonObject().put("spreadMs", 3 * spreadMs()).put("deadlineMs", 5000 + 5 * spreadMs()));
        return config.mergeIn(broker.accept(new Broker.Visitor<JsonObject>() {
            @Override
            public JsonObject cluster() {
                return new JsonObject().put("cluster", member(place));
            }

            @Override
            public JsonObject redis(Broker.Redis redis) {
                return new JsonObject()
                        .put("redisUrl", redis.url())
                        .put("redis", new JsonObject().put("prefix", name).put("ingest", false))
                        .put("broker", new JsonObject().put("positionMs", POSITION_MS));
            }

            @Override
            public JsonObject memory() {
                return new JsonObject();
            }
        }));
    }

    private JsonObject api(NodePlace place) {
        return new JsonObject()
                .put("host", "127.0.0.1")
                .put("port", place.apiPort())
                .put("keys", new JsonArray().add(key));
    }

    /** The server's default; less when everything is quick. */
    private long spreadMs() {
        return pace.heartbeatMs() / 5;
    }

    private JsonObject heartbeat() {
        return new JsonObject().put("intervalMs", pace.heartbeatMs()).put("timeoutMs", pace.heartbeatMs());
    }

    private JsonObject member(NodePlace place) {
        return new JsonObject()
                .put("name", name)
                .put("host", place.clusterHost())
                .put("port", place.memberPort())
                .put("busPort", 0)
                .put("peers", new JsonArray(peers))
                .put("members", members)
                .put("failureMs", pace.failureMs());
    }
}
