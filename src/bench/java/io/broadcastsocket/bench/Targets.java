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
import static io.broadcastsocket.bench.Target.Bound.AT_LEAST;
import static io.broadcastsocket.bench.Target.Bound.AT_MOST;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The targets, held against the results. */
final class Targets {
    private static final double NONE = Double.NaN;
    private static final ToDoubleFunction<JsonObject> COST = Figures::deliveriesPerCpuSecond;

    private final Results results;

    Targets(Results results) {
        this.results = results;
    }

    List<Target> all() {
        return Stream.concat(withLimits().stream(), new ClusterTargets(results).all().stream())
                .toList();
    }

    private List<Target> withLimits() {
        return List.of(
                new Target(
                        Scenarios.SATURATED,
                        "deliveries per CPU-second ÷ K",
                        AT_LEAST,
                        0.85,
                        1.0,
                        cost(Scenarios.SATURATED, COALESCE_LIMIT)),
                new Target(Scenarios.SATURATED, "… ÷ the better naive Vert.x", AT_LEAST, 10, NONE, overBetterNaive()),
                new Target(Scenarios.SATURATED, "… ÷ Node ws", AT_LEAST, 10, NONE, cost(Scenarios.SATURATED, NODE_WS)),
                new Target(
                        Scenarios.ONE_AT_A_TIME_1000,
                        "deliveries per CPU-second ÷ S",
                        AT_LEAST,
                        0.85,
                        1.2,
                        cost(Scenarios.ONE_AT_A_TIME_1000, SEND_LIMIT)),
                new Target(
                        Scenarios.ONE_AT_A_TIME_10000,
                        "deliveries per CPU-second ÷ S",
                        AT_LEAST,
                        0.80,
                        1.05,
                        cost(Scenarios.ONE_AT_A_TIME_10000, SEND_LIMIT)),
                new Target(
                        Scenarios.ONE_AT_A_TIME_10000,
                        "… ÷ Node ws",
                        AT_LEAST,
                        3,
                        4,
                        cost(Scenarios.ONE_AT_A_TIME_10000, NODE_WS)),
                new Target(
                        Scenarios.STEADY,
                        "p99 ÷ S",
                        AT_MOST,
                        2.0,
                        1.3,
                        results.ratio(Scenarios.STEADY, SEND_LIMIT, Figures::p99)),
                new Target(
                        Scenarios.OPEN_2M,
                        "p99, ms, nothing lost",
                        AT_MOST,
                        50,
                        NONE,
                        results.figure(Scenarios.OPEN_2M, OURS, Figures::p99)),
                new Target(
                        Scenarios.OPEN_7M,
                        "p99, ms, nothing lost",
                        AT_MOST,
                        NONE,
                        50,
                        results.figure(Scenarios.OPEN_7M, OURS, Figures::p99)),
                new Target(
                        Scenarios.STALLED,
                        "the others' p99 ÷ before",
                        AT_MOST,
                        1.5,
                        1.1,
                        results.figure(Scenarios.STALLED, OURS, Figures::stalledP99Ratio)),
                new Target(
                        Scenarios.STALLED,
                        "growth of the resident set, MB",
                        AT_MOST,
                        16,
                        4,
                        results.figure(Scenarios.STALLED, OURS, Figures::stalledGrowth)),
                new Target(
                        Scenarios.IDLE,
                        "resident kB per connection",
                        AT_MOST,
                        8,
                        3,
                        results.figure(Scenarios.IDLE, OURS, Figures::residentPerConnection)),
                new Target(
                        Scenarios.CHANNELS_20000,
                        "deliveries per CPU-second ÷ those of 2,000 channels",
                        AT_LEAST,
                        0.8,
                        1.0,
                        results.ratio(Scenarios.CHANNELS_20000, OURS, Scenarios.CHANNELS_2000, OURS, COST)),
                new Target(
                        Scenarios.CONNECT,
                        "handshakes per second, cold",
                        AT_LEAST,
                        4_000,
                        10_000,
                        results.figure(Scenarios.CONNECT, OURS, Figures::handshakesPerSecond)),
                new Target(
                        Scenarios.SOAK,
                        "heap after the last minute ÷ after the second",
                        AT_MOST,
                        1.1,
                        1.02,
                        results.figure(Scenarios.SOAK, OURS, Figures::soakHeapRatio)),
                new Target(
                        Scenarios.REDIS_PUBLISH,
                        "publishes per second through the bridge ÷ redis-benchmark",
                        AT_LEAST,
                        0.6,
                        1.0,
                        publishes(Figures::publishesPerSecond, BRIDGE)),
                new Target(
                        Scenarios.REDIS_PUBLISH,
                        "… Redis's CPU per publish ÷ redis-benchmark's",
                        AT_MOST,
                        1.5,
                        1.1,
                        publishes(result -> result.getDouble("redisMicrosPerPublish"), BRIDGE)),
                new Target(
                        Scenarios.REDIS_PUBLISH,
                        "… through a whole server on the generator's processor",
                        AT_LEAST,
                        NONE,
                        0.6,
                        publishes(Figures::publishesPerSecond, OURS_REDIS)),
                new Target(
                        Scenarios.REDIS_LATENCY,
                        "median with Redis less that without, ms",
                        AT_MOST,
                        1,
                        0.5,
                        results.difference(Scenarios.REDIS_LATENCY, OURS_REDIS, OURS, Figures::p50)),
                new Target(
                        Scenarios.REDIS_TWO_NODES,
                        "p99, ms, nothing lost",
                        AT_MOST,
                        50,
                        NONE,
                        results.figure(Scenarios.REDIS_TWO_NODES, OURS_REDIS, Figures::p99)),
                new Target(
                        Scenarios.REDIS_TWO_NODES,
                        "p99, nothing lost, ÷ that of one node with all subscribers",
                        AT_MOST,
                        3,
                        1.5,
                        results.ratio(
                                Scenarios.REDIS_TWO_NODES, OURS_REDIS, Scenarios.REDIS_TWO_NODES, OURS, Figures::p99)),
                new Target(
                        Scenarios.REDIS_RECONNECT,
                        "history reads per channel for 5,000 clients",
                        AT_MOST,
                        10,
                        2,
                        results.figure(Scenarios.REDIS_RECONNECT, OURS_REDIS, Figures::readsPerChannel)));
    }

    boolean failed(Target target) {
        return results.of(target.scenario()).stream()
                .anyMatch(run -> run.contender().isOurs() && !run.failures().isEmpty());
    }

    private Optional<Statistic> publishes(ToDoubleFunction<JsonObject> figure, Contender contender) {
        return results.ratio(Scenarios.REDIS_PUBLISH, contender, Scenarios.REDIS_PUBLISH, REDIS_BENCHMARK, figure);
    }

    private Optional<Statistic> cost(String scenario, Contender reference) {
        return results.ratio(scenario, reference, COST);
    }

    private Optional<Statistic> overBetterNaive() {
        Optional<Statistic> nio = cost(Scenarios.SATURATED, NAIVE_NIO);
        Optional<Statistic> epoll = cost(Scenarios.SATURATED, NAIVE_EPOLL);
        return nio.isPresent()
                        && epoll.isPresent()
                        && nio.get().median() < epoll.get().median()
                ? nio
                : epoll.or(() -> nio);
    }
}
