package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Contender.OURS;
import static io.broadcastsocket.bench.Contender.OURS_2;
import static io.broadcastsocket.bench.Contender.OURS_3;

import io.broadcastsocket.bench.Scenario.Mode;
import java.util.List;
import java.util.stream.Stream;

/** The scenarios with several nodes and nothing beside them; one node with the embedded broker takes its turn in each. */
final class ClusterScenarios {
    /** Scenarios of clusters begin with this. */
    static final String CLUSTER = "cluster-";

    static final String STEADY_100 = CLUSTER + "steady-100";
    static final String STEADY_1000 = CLUSTER + "steady-1000";
    static final String SATURATED = CLUSTER + "saturated";
    static final String LATENCY = CLUSTER + "latency";
    static final String PUBLISH_1 = CLUSTER + "publish-1";
    static final String PUBLISH_100 = CLUSTER + "publish-100";
    static final String MEMORY = CLUSTER + "memory";
    static final String CHANNELS = CLUSTER + "channels";

    private static final double WARM_UP = 2;

    /** So few that three nodes do not fill their processor at the lower rate. */
    private static final String STEADY_SUBSCRIBERS = "300";

    /** A low rate has few samples. */
    private static final double LATENCY_SECONDS = 3;

    private final BenchmarkOptions.Length length;

    ClusterScenarios(BenchmarkOptions.Length length) {
        this.length = length;
    }

    Stream<Scenario> all() {
        return Stream.of(
                steady(STEADY_100, "100"),
                steady(STEADY_1000, "1,000"),
                new Scenario(
                        SATURATED,
                        "Saturated: 16 messages under way through one node to 1,000 subscribers on each node",
                        Mode.WINDOW,
                        List.of(OURS, OURS_2, OURS_3),
                        List.of(),
                        timed("--subscribers", "1000", "--window", "16")),
                new Scenario(
                        LATENCY,
                        "Latency: 200 messages/s to 10 subscribers on the node that is published through and 10 on another",
                        Mode.CLUSTER_LATENCY,
                        List.of(OURS, OURS_3),
                        List.of(),
                        timed(
                                LATENCY_SECONDS * length.seconds,
                                "--subscribers",
                                "10",
                                "--window",
                                "16",
                                "--rate",
                                "200")),
                publish(PUBLISH_1, "one channel", 1),
                publish(PUBLISH_100, "100 channels", 100),
                new Scenario(
                        MEMORY,
                        "Memory: 100 channels with publications of 128 bytes",
                        Mode.CLUSTER_MEMORY,
                        List.of(OURS, OURS_3),
                        Scenarios.SMALL_HEAP,
                        List.of(
                                "--channels",
                                "100",
                                "--first",
                                length == BenchmarkOptions.Length.QUICK ? "200" : "1000",
                                "--window",
                                "500")),
                new Scenario(
                        CHANNELS,
                        "10,000 channels on one node, one subscriber each, without traffic",
                        Mode.CLUSTER_CHANNELS,
                        List.of(OURS, OURS_3),
                        Scenarios.SMALL_HEAP,
                        List.of("--channels", "10000", "--seconds", Double.toString(2 * length.seconds))));
    }

    private Scenario steady(String name, String rate) {
        return new Scenario(
                name,
                "Steady: " + rate + " messages/s through one node to " + STEADY_SUBSCRIBERS
                        + " subscribers on each node",
                Mode.RATE,
                List.of(OURS, OURS_2, OURS_3),
                List.of(),
                timed("--subscribers", STEADY_SUBSCRIBERS, "--rate", rate.replace(",", "")));
    }

    private Scenario publish(String name, String where, int channels) {
        return new Scenario(
                name,
                "Publishing through one node to " + where + ", 512 under way, nobody listens",
                Mode.CLUSTER_PUBLISH,
                List.of(OURS, OURS_3),
                List.of(),
                timed("--window", "512", "--channels", Integer.toString(channels)));
    }

    private List<String> timed(String... load) {
        return timed(length.seconds, load);
    }

    private List<String> timed(double seconds, String... load) {
        return Stream.concat(
                        Scenarios.timed(WARM_UP * length.warmUp, seconds, load).stream(),
                        Stream.of("--settle", Double.toString(length.settle)))
                .toList();
    }
}
