package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What things take in Redis, by its own account of used memory: differences divided by the number of things. */
final class RedisMemory {
    private static final int CHANNELS = 100;
    private static final int SESSIONS = 10_000;
    private static final int SUBSCRIPTIONS = 3;
    private static final int IDLE_CHANNELS = 10_000;
    private static final String FORGET_IDS = "redis-cli -p %d --scan --pattern '*:id:*' | xargs redis-cli -p %d DEL";

    private final int each;
    private final Path directory;

    RedisMemory(BenchmarkOptions.Length length, Path directory) {
        this.each = length == BenchmarkOptions.Length.QUICK ? 200 : 1000;
        this.directory = directory;
    }

    JsonObject run() throws IOException {
        JsonObject result = new JsonObject().put("failures", new JsonArray());
        messages(result, 128, "bytesPerMessage128");
        messages(result, 1024, "bytesPerMessage1024");
        try (RedisProcess redis = RedisProcess.start(Processor.SERVER, directory);
                AskedProcess bridge = RedisPublish.bridge(redis, Processor.GENERATOR, List.of(), directory)) {
            bridge.ask("attach 1");
            long empty = redis.usedMemory();
            bridge.ask("attach " + IDLE_CHANNELS);
            long attached = redis.usedMemory();
            bridge.ask("detach " + IDLE_CHANNELS);
            long detached = redis.usedMemory();
            bridge.ask("sessions " + SESSIONS + " " + SUBSCRIPTIONS);
            long saved = redis.usedMemory();
            result.put("bytesPerSubscribedChannel", (attached - empty) / (double) IDLE_CHANNELS)
                    .put("bytesPerIdleChannel", (detached - empty) / (double) IDLE_CHANNELS)
                    .put("bytesPerSession", (saved - detached) / (double) SESSIONS);
        }
        return result;
    }

    private void messages(JsonObject result, int bytes, String name) throws IOException {
        try (RedisProcess redis = RedisProcess.start(Processor.SERVER, directory);
                AskedProcess bridge = RedisPublish.bridge(redis, Processor.GENERATOR, List.of(), directory)) {
            bridge.ask("attach " + CHANNELS);
            long empty = redis.usedMemory();
            String answer = bridge.ask("fill " + CHANNELS + " " + each + " " + bytes);
            if (!answer.equals("ok")) {
                result.getJsonArray("failures").add(answer);
            }
            double messages = CHANNELS * (double) each;
            long filled = redis.usedMemory();
            String forget = String.format(FORGET_IDS, redis.port, redis.port);
            ChildProcess.run(List.of("sh", "-c", forget), Path.of("."));
            Servers.pause(1000);
            result.put(name + "WithId", (filled - empty) / messages).put(name, (redis.usedMemory() - empty) / messages);
        }
    }
}
