package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Publishes into one channel as fast as it goes: redis-server on the one processor, whoever publishes on the other.
 *
 * <p>Both sides are counted by Redis itself, as executions of the script between two looks. {@code redis-benchmark} runs the
 * very command that the bridge sends, as {@code MONITOR} shows it, with other ids.
 */
final class RedisPublish {
    private static final String CHANNEL = "bench";
    private static final int WINDOW = 512;
    private static final int BYTES = 128;

    /** What Redis is asked when the bridge has stopped: no command of the bridge comes after it. */
    private static final String END = "bench-end";

    private static final String RANDOM = "__rand_int__";
    private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The script that has the key of a messageId. */
    private static final Pattern APPEND = Pattern.compile("\"evalsha\" .*:id:", Pattern.CASE_INSENSITIVE);

    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx1g");

    private final Servers servers;
    private final BenchmarkOptions.Length length;
    private final Path directory;

    RedisPublish(Servers servers, BenchmarkOptions.Length length, Path directory) {
        this.servers = servers;
        this.length = length;
        this.directory = directory;
    }

    JsonObject run(Scenario scenario, Contender contender) throws IOException {
        try (RedisProcess redis = RedisProcess.start(Processor.SERVER, directory)) {
            switch (contender) {
                case BRIDGE:
                    return bridge(redis);
                case REDIS_BENCHMARK:
                    return redisBenchmark(redis);
                default:
                    return wholeServer(redis, scenario, contender);
            }
        }
    }

    /** A bridge on its own; {@link BridgeLoad} tells what it can be asked. */
    static AskedProcess bridge(RedisProcess redis, Processor processor, List<String> jvmFlags, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(Servers.ownMain(BridgeLoad.class, jvmFlags));
        command.addAll(List.of("--url", redis.url()));
        return AskedProcess.start(command, processor, directory.resolve("bridge.log"));
    }

    private JsonObject bridge(RedisProcess redis) throws IOException {
        try (AskedProcess bridge = bridge(redis, Processor.GENERATOR, JVM, directory)) {
            bridge.ask("publish " + CHANNEL + " " + WINDOW + " " + BYTES);
            JsonObject result = measured(redis, bridge.pid());
            String end = bridge.ask("stop");
            return judged(result, redis, end);
        }
    }

    /** What was acked has to be what the log has. */
    private static JsonObject judged(JsonObject result, RedisProcess redis, String end) throws IOException {
        String top = redis.call("HGET", "broadcast:{" + CHANNEL + "}:stream", "top");
        JsonArray failures = result.getJsonArray("failures");
        if (!end.equals("ok " + top)) {
            failures.add("acked: " + end + ", in the log: " + top);
        }
        return result;
    }

    private JsonObject redisBenchmark(RedisProcess redis) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "redis-benchmark",
                "-p",
                Integer.toString(redis.port),
                "-c",
                "1",
                "-P",
                "256",
                "-n",
                "1000000000",
                "-r",
                "2000000000",
                "--csv"));
        command.addAll(appendCommand(redis));
        Path log = directory.resolve("redis-benchmark.log");
        try (ChildProcess child = ChildProcess.start(command, Processor.GENERATOR, log)) {
            return measured(redis, child.process.pid());
        }
    }

    private JsonObject wholeServer(RedisProcess redis, Scenario scenario, Contender contender) throws IOException {
        try (RunningServer server =
                        servers.start(contender, scenario, Processor.GENERATOR, ServerUnderTest.redis(redis.url()));
                AskedProcess generator = AskedProcess.start(
                        publisher(server), Processor.GENERATOR, directory.resolve("generator.log"))) {
            JsonObject result = measured(redis, server.pid());
            return judged(result, redis, generator.ask("stop"));
        }
    }

    private static List<String> publisher(RunningServer server) {
        List<String> command = new ArrayList<>(Servers.ownMain(Generator.class, JVM));
        command.addAll(List.of(
                "--port",
                Integer.toString(server.port),
                "--mode",
                "publish",
                "--window",
                Integer.toString(WINDOW),
                "--data",
                Integer.toString(BYTES - 2)));
        return command;
    }

    private JsonObject measured(RedisProcess redis, long publisher) throws IOException {
        Servers.pause((long) (2000 * length.warmUp));
        Look before = Look.at(redis, publisher);
        Servers.pause((long) (1000 * length.seconds));
        Look after = Look.at(redis, publisher);
        double seconds = (after.nanos - before.nanos) / 1e9;
        double published = after.appends - before.appends;
        double redisCpu = after.redisCpu - before.redisCpu;
        double publisherCpu = after.publisherCpu - before.publisherCpu;
        return new JsonObject()
                .put("publishesPerSecond", published / seconds)
                .put("redisMicrosPerPublish", 1e6 * redisCpu / published)
                .put("publisherMicrosPerPublish", 1e6 * publisherCpu / published)
                .put("serverUtilisation", redisCpu / seconds)
                .put("generatorUtilisation", publisherCpu / seconds)
                .put("failures", published > 0 ? new JsonArray() : new JsonArray().add("nothing was published"));
    }

    /** Executions so far, as Redis counts them, and what the two processes have used. */
    private record Look(long nanos, long appends, double redisCpu, double publisherCpu) {
        static Look at(RedisProcess redis, long publisher) throws IOException {
            long appends = redis.calls("publish");
            return new Look(
                    System.nanoTime(),
                    appends,
                    new ProcessFigures(redis.pid()).cpuSeconds(),
                    new ProcessFigures(publisher).cpuSeconds());
        }
    }

    /** The bridge's own command, caught on its way, with random ids. */
    private List<String> appendCommand(RedisProcess redis) throws IOException {
        List<String> monitor = List.of("redis-cli", "-p", Integer.toString(redis.port), "MONITOR");
        Path log = directory.resolve("monitor.log");
        try (ChildProcess child = ChildProcess.talkingTo(monitor, Processor.GENERATOR, log);
                AskedProcess bridge = bridge(redis, Processor.GENERATOR, JVM, directory)) {
            BufferedReader lines = child.process.inputReader(StandardCharsets.UTF_8);
            lines.readLine();
            bridge.ask("publish " + CHANNEL + " 1 " + BYTES);
            bridge.ask("stop");
            redis.call("PING", END);
            for (String line = lines.readLine(); line != null && !line.contains(END); line = lines.readLine()) {
                if (APPEND.matcher(line).find()) {
                    return arguments(line);
                }
            }
        }
        throw new IOException("MONITOR shows no script of the bridge with the key of a messageId");
    }

    private static List<String> arguments(String line) {
        List<String> arguments = new ArrayList<>();
        Matcher matcher = ARGUMENT.matcher(line);
        while (matcher.find()) {
            arguments.add(matcher.group(1).replaceAll("\\\\(.)", "$1").replaceAll("m-\\d{12}", "m-" + RANDOM));
        }
        return arguments;
    }
}
