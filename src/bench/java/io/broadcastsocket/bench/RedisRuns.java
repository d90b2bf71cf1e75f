package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the scenarios that need Redis; each run has a redis-server of its own. */
final class RedisRuns {
    private final Servers servers;
    private final BenchmarkOptions.Length length;
    private final Path directory;

    RedisRuns(Servers servers, BenchmarkOptions.Length length, Path directory) {
        this.servers = servers;
        this.length = length;
        this.directory = directory;
    }

    JsonObject run(Scenario scenario, Contender contender) throws IOException {
        switch (scenario.mode()) {
            case REDIS_PUBLISH:
                return new RedisPublish(servers, length, directory).run(scenario, contender);
            case REDIS_MEMORY:
                return new RedisMemory(length, directory).run();
            default:
                try (RedisProcess redis = RedisProcess.start(Processor.GENERATOR, directory)) {
                    return run(scenario, contender, redis);
                }
        }
    }

    private JsonObject run(Scenario scenario, Contender contender, RedisProcess redis) throws IOException {
        JsonObject backend = contender == Contender.OURS ? new JsonObject() : ServerUnderTest.redis(redis.url());
        try (RunningServer node = servers.start(contender, scenario, Processor.SERVER, backend)) {
            switch (scenario.mode()) {
                case REDIS_TWO_NODES:
                    return twoNodes(scenario, contender, redis, node);
                case REDIS_RECONNECT:
                    return reconnect(scenario, contender, redis, node);
                case REDIS_CHANNELS:
                    return new GeneratorProcess(node, log(), checkpoint -> both(node, redis))
                            .run(scenario, 0, "--redis-pid", Long.toString(redis.pid()));
                default:
                    return new GeneratorProcess(node, log()).run(scenario, 0);
            }
        }
    }

    /** Without Redis one node stands for both. */
    private JsonObject twoNodes(Scenario scenario, Contender contender, RedisProcess redis, RunningServer node)
            throws IOException {
        if (contender == Contender.OURS) {
            return twoNodes(scenario, redis, node, node);
        }
        try (RunningServer other =
                servers.start(contender, scenario, Processor.SERVER, ServerUnderTest.redis(redis.url()))) {
            return twoNodes(scenario, redis, node, other);
        }
    }

    private JsonObject twoNodes(Scenario scenario, RedisProcess redis, RunningServer node, RunningServer other)
            throws IOException {
        return new GeneratorProcess(node, log())
                .run(scenario, 0, "--others", other.address().toString(), "--redis-pid", Long.toString(redis.pid()));
    }

    private JsonObject reconnect(Scenario scenario, Contender contender, RedisProcess redis, RunningServer node)
            throws IOException {
        String readScript = RedisProcess.digest("stream.lua", "read.lua");
        try (RunningServer other =
                        servers.start(contender, scenario, Processor.SERVER, ServerUnderTest.redis(redis.url()));
                RedisMonitor monitor = RedisMonitor.start(redis, readScript, directory)) {
            JsonObject result = new GeneratorProcess(node, log(), checkpoint -> {
                        if (checkpoint.equals("kill")) {
                            node.kill();
                        }
                        return new JsonObject()
                                .put("reads", monitor.count())
                                .put("xrange", redis.calls("xrange"))
                                .put("evalsha", redis.calls("evalsha"));
                    })
                    .run(scenario, 0, "--others", other.address().toString());
            JsonObject checkpoints = result.getJsonObject("checkpoints");
            if (checkpoints.containsKey("served")) {
                JsonObject kill = checkpoints.getJsonObject("kill");
                JsonObject served = checkpoints.getJsonObject("served");
                for (String figure : served.fieldNames()) {
                    result.put(figure, served.getLong(figure) - kill.getLong(figure));
                }
            }
            if (!redis.has(readScript)) {
                result.getJsonArray("failures").add("reads were not counted: the server reads with another script");
            }
            return result;
        }
    }

    /** Counts of Redis with the time of the count: the collections of the node take seconds. */
    private static JsonObject both(RunningServer node, RedisProcess redis) throws IOException {
        JsonObject redisFigures = new JsonObject()
                .put("redisNanos", System.nanoTime())
                .put("redisCommands", redis.commands())
                .put("redisScripts", redis.calls("evalsha"))
                .put("redisSubscribes", redis.calls("subscribe"))
                .put("redisBytes", redis.usedMemory())
                .put("redisResidentKb", new ProcessFigures(redis.pid()).residentKilobytes());
        return node.memory().mergeIn(redisFigures);
    }

    private Path log() {
        return directory.resolve("generator.log");
    }
}
