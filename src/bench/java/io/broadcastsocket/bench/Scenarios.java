package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Contender.BRIDGE;
import static io.broadcastsocket.bench.Contender.COALESCE_LIMIT;
import static io.broadcastsocket.bench.Contender.NAIVE_EPOLL;
import static io.broadcastsocket.bench.Contender.NAIVE_NIO;
import static io.broadcastsocket.bench.Contender.NODE_WS;
import static io.broadcastsocket.bench.Contender.OURS;
import static io.broadcastsocket.bench.Contender.OURS_REDIS;
import static io.broadcastsocket.bench.Contender.REDIS_BENCHMARK;
import static io.broadcastsocket.bench.Contender.SEND_LIMIT;

import io.broadcastsocket.bench.Scenario.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The catalogue of scenarios. */
final class Scenarios {
    static final String SATURATED = "saturated";
    static final String ONE_AT_A_TIME_1000 = "single-1000";
    static final String ONE_AT_A_TIME_10000 = "single-10000";
    static final String STEADY = "steady";
    static final String OPEN_2M = "open-2m";
    static final String OPEN_4M = "open-4m";
    static final String OPEN_7M = "open-7m";
    static final String STALLED = "stalled";
    static final String IDLE = "idle";
    static final String CHANNELS_2000 = "channels-2000";
    static final String CHANNELS_20000 = "channels-20000";
    static final String CONNECT = "connect";
    static final String SOAK = "soak";

    /** Scenarios that need Redis begin with this. */
    static final String REDIS = "redis-";

    static final String REDIS_PUBLISH = REDIS + "publish";
    static final String REDIS_LATENCY = REDIS + "latency";
    static final String REDIS_TWO_NODES = REDIS + "two-nodes";
    static final String REDIS_MEMORY = REDIS + "memory";
    static final String REDIS_CHANNELS = REDIS + "channels";
    static final String REDIS_RECONNECT = REDIS + "reconnect";

    /** Give memory back at once, so that the resident set shows what is in use. */
    static final List<String> SMALL_HEAP = List.of(
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-Xmn16m",
            "-XX:MinHeapFreeRatio=5",
            "-XX:MaxHeapFreeRatio=10",
            "-XX:-ShrinkHeapInSteps");

    private static final List<String> DEFAULTS = List.of();
    /** Files that a server needs besides its connections. */
    private static final int OTHER_FILES = 300;

    /** A publish per delivery: the code that parses and accepts takes longer to be compiled than the fan-out. */
    private static final double CHANNELS_WARM_UP = 1.5;

    private final BenchmarkOptions options;

    Scenarios(BenchmarkOptions options) {
        this.options = options;
    }

    List<Scenario> wanted() {
        return Stream.concat(all(), new ClusterScenarios(options.length()).all())
                .filter(scenario -> options.wants(scenario.name()))
                .toList();
    }

    private Stream<Scenario> all() {
        return Stream.of(
                new Scenario(
                        SATURATED,
                        "Saturated: 1,000 subscribers, 16 messages under way",
                        Mode.WINDOW,
                        List.of(OURS, COALESCE_LIMIT, NAIVE_NIO, NAIVE_EPOLL, NODE_WS),
                        DEFAULTS,
                        timed("--subscribers", "1000", "--window", "16")),
                new Scenario(
                        ONE_AT_A_TIME_1000,
                        "One message at a time: 1,000 subscribers",
                        Mode.WINDOW,
                        List.of(OURS, SEND_LIMIT, NODE_WS),
                        DEFAULTS,
                        timed("--subscribers", "1000", "--window", "1")),
                new Scenario(
                        ONE_AT_A_TIME_10000,
                        "One message at a time: 10,000 subscribers",
                        Mode.WINDOW,
                        List.of(OURS, SEND_LIMIT, NODE_WS),
                        DEFAULTS,
                        timed("--subscribers", "10000", "--window", "1")),
                new Scenario(
                        STEADY,
                        "Steady: 100 messages/s to 1,000 subscribers",
                        Mode.RATE,
                        List.of(OURS, SEND_LIMIT),
                        DEFAULTS,
                        timed("--rate", "100")),
                open(OPEN_2M, 2),
                open(OPEN_4M, 4),
                open(OPEN_7M, 7),
                stalled(),
                idle(),
                channels(CHANNELS_2000, 2_000),
                channels(CHANNELS_20000, 20_000),
                new Scenario(
                        CONNECT,
                        "Handshakes: 5,000 connections, both sides cold",
                        Mode.CONNECT,
                        List.of(OURS, SEND_LIMIT, NAIVE_EPOLL),
                        DEFAULTS,
                        List.of("--subscribers", "5000")),
                new Scenario(
                        SOAK,
                        "Soak: 5,000 publishes/s, each to a channel of its own that nobody listens to",
                        Mode.SOAK,
                        List.of(OURS),
                        SMALL_HEAP,
                        List.of("--rate", "5000", "--seconds", Integer.toString(options.soakSeconds()))),
                new Scenario(
                        REDIS_PUBLISH,
                        "Publishing through one bridge to Redis",
                        Mode.REDIS_PUBLISH,
                        List.of(BRIDGE, REDIS_BENCHMARK, OURS_REDIS),
                        List.of("-XX:+UseSerialGC", "-Xmx1g"),
                        List.of()),
                new Scenario(
                        REDIS_LATENCY,
                        "What Redis adds to a broadcast: 200 messages/s to 10 subscribers",
                        Mode.REDIS_LATENCY,
                        List.of(OURS_REDIS, OURS),
                        DEFAULTS,
                        timed("--subscribers", "10", "--rate", "200")),
                redisTwoNodes(),
                new Scenario(REDIS_MEMORY, "Bytes in Redis", Mode.REDIS_MEMORY, List.of(BRIDGE), DEFAULTS, List.of()),
                new Scenario(
                        REDIS_CHANNELS,
                        "10,000 channels on one node with Redis, one subscriber each, without traffic",
                        Mode.REDIS_CHANNELS,
                        List.of(OURS_REDIS),
                        SMALL_HEAP,
                        List.of("--channels", "10000", "--seconds", Double.toString(4 * options.length().seconds))),
                new Scenario(
                        REDIS_RECONNECT,
                        "One of two nodes is killed; its 5,000 clients of 4 channels come to the other at once and resume",
                        Mode.REDIS_RECONNECT,
                        List.of(OURS_REDIS),
                        DEFAULTS,
                        List.of(
                                "--subscribers",
                                "5000",
                                "--first",
                                "1000",
                                "--channels",
                                "4",
                                "--rate",
                                "40",
                                "--warm-up",
                                Double.toString(options.length().warmUp))));
    }

    private Scenario redisTwoNodes() {
        int seconds = options.length() == BenchmarkOptions.Length.QUICK ? 10 : 60;
        return new Scenario(
                REDIS_TWO_NODES,
                "Two nodes with Redis between them: 1,000 subscribers each, 1,000 publications/s through both for "
                        + seconds + " s, histories of a minute; without Redis, one node with all",
                Mode.REDIS_TWO_NODES,
                List.of(OURS_REDIS, OURS),
                DEFAULTS,
                List.of(
                        "--subscribers",
                        "1000",
                        "--rate",
                        "1000",
                        "--warm-up",
                        Double.toString(options.length().warmUp),
                        "--seconds",
                        Integer.toString(seconds)));
    }

    private Scenario open(String name, int millions) {
        return new Scenario(
                name,
                "Open loop: " + millions + " million deliveries/s to 1,000 subscribers",
                Mode.RATE,
                List.of(OURS, COALESCE_LIMIT),
                DEFAULTS,
                timed("--rate", millions + "000"));
    }

    private Scenario stalled() {
        int seconds = options.length().stallSeconds;
        return new Scenario(
                STALLED,
                "Stalled reader: 1 million deliveries/s, 20 of 1,000 do not read for " + seconds + " s",
                Mode.STALLED,
                List.of(OURS),
                SMALL_HEAP,
                timed("--rate", "1000", "--stalled", "20", "--stall-seconds", Integer.toString(seconds)));
    }

    private Scenario idle() {
        int connections = Math.min(15_000, mostConnections());
        return new Scenario(
                IDLE,
                "Idle: " + connections + " connections with one subscription each",
                Mode.IDLE,
                List.of(OURS, NAIVE_EPOLL),
                SMALL_HEAP,
                List.of("--subscribers", Integer.toString(connections)));
    }

    /** The number of connections is the same for all numbers of channels: what a socket costs the kernel is no part of the question. */
    private Scenario channels(String name, int channels) {
        return new Scenario(
                name,
                String.format(
                        "Channels: %,d with one subscriber each on 2,000 connections, published to in turn", channels),
                Mode.CHANNELS,
                List.of(OURS, NAIVE_EPOLL),
                DEFAULTS,
                timed(
                        CHANNELS_WARM_UP * options.length().warmUp,
                        options.length().seconds,
                        "--channels",
                        Integer.toString(channels),
                        "--subscribers",
                        "2000",
                        "--window",
                        "64"));
    }

    private List<String> timed(String... load) {
        return timed(options.length().warmUp, options.length().seconds, load);
    }

    /** A load with the seconds before the measured window, and those of the window. */
    static List<String> timed(double warmUp, double seconds, String... load) {
        return Stream.concat(
                        Stream.of(load),
                        Stream.of("--warm-up", Double.toString(warmUp), "--seconds", Double.toString(seconds)))
                .toList();
    }

    private static int mostConnections() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s+")[4])
                    .map(hard -> hard.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(hard) - OTHER_FILES)
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }
}
