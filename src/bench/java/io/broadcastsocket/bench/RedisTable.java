package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Report.range;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The columns of the scenarios with Redis. */
final class RedisTable {
    private record Column(String title, ToDoubleFunction<JsonObject> figure, int decimals) {}

    private final Results results;

    RedisTable(Results results) {
        this.results = results;
    }

    static List<String> columns(Scenario.Mode mode) {
        return Stream.concat(
                        figures(mode).stream().map(Column::title),
                        hasLatencies(mode) ? Stream.of("p50 ms", "p99 ms", "p99.9 ms") : Stream.of())
                .toList();
    }

    List<String> cells(Scenario scenario, Contender contender) {
        Stream<String> cells = figures(scenario.mode()).stream()
                .map(column -> range(results.figure(scenario.name(), contender, column.figure()), column.decimals()));
        if (!hasLatencies(scenario.mode())) {
            return cells.toList();
        }
        Histogram latencies = results.latencies(scenario.name(), contender);
        return Stream.concat(
                        cells,
                        Stream.of(50.0, 99.0, 99.9)
                                .map(percentile -> String.format(
                                        Locale.ROOT, "%.2f", latencies.getValueAtPercentile(percentile) / 1e6)))
                .toList();
    }

    private static boolean hasLatencies(Scenario.Mode mode) {
        return mode == Scenario.Mode.REDIS_LATENCY || mode == Scenario.Mode.REDIS_TWO_NODES;
    }

    private static List<Column> figures(Scenario.Mode mode) {
        switch (mode) {
            case REDIS_PUBLISH:
                return List.of(
                        column("publishes/s", "publishesPerSecond", 0),
                        column("µs of Redis's CPU per publish", "redisMicrosPerPublish", 1),
                        column("µs of the publisher's CPU", "publisherMicrosPerPublish", 1),
                        percent("Redis's processor, %", "serverUtilisation"),
                        percent("the publisher's, %", "generatorUtilisation"));
            case REDIS_LATENCY:
                return List.of(
                        column("p50 by round", "p50Ms", 2),
                        column("p99 by round", "p99Ms", 2),
                        percent("server CPU, %", "serverUtilisation"));
            case REDIS_TWO_NODES:
                return List.of(
                        column("p99 by round", "p99Ms", 1),
                        column("publications", "published", 0),
                        column("deliveries", "deliveries", 0),
                        percent("CPU of one node, %", "serverUtilisation"),
                        percent("of the other, %", "otherUtilisation"),
                        percent("of Redis, %", "redisUtilisation"),
                        percent("generator CPU, %", "generatorUtilisation"));
            case REDIS_MEMORY:
                return List.of(
                        column("message of 128 bytes", "bytesPerMessage128", 0),
                        column("with its id", "bytesPerMessage128WithId", 0),
                        column("message of 1,024 bytes", "bytesPerMessage1024", 0),
                        column("with its id", "bytesPerMessage1024WithId", 0),
                        column("idle channel", "bytesPerIdleChannel", 0),
                        column("subscribed channel", "bytesPerSubscribedChannel", 0),
                        column("session of 3 channels", "bytesPerSession", 0));
            case REDIS_CHANNELS:
                return List.of(
                        column("seconds to subscribe", "subscribeSeconds", 2),
                        column("node CPU, s", "subscribeServerCpuSeconds", 2),
                        column("Redis CPU, s", "subscribeRedisCpuSeconds", 2),
                        between("SUBSCRIBE commands", "connected", "subscribed", "redisSubscribes", 1),
                        between("scripts", "connected", "subscribed", "redisScripts", 1),
                        new Column("heap MB before", result -> Figures.value(result, "connected", "heapKb") / 1024, 1),
                        between("resident MB of the node", "connected", "subscribed", "residentKb", 1024),
                        between("heap MB", "connected", "subscribed", "heapKb", 1024),
                        between("MB of Redis", "connected", "subscribed", "redisBytes", 1 << 20),
                        percent("node CPU idle, %", "idleServerUtilisation"),
                        percent("Redis CPU idle, %", "idleRedisUtilisation"),
                        new Column("scripts/s idle", result -> Figures.perIdleSecond(result, "redisScripts"), 0),
                        new Column(
                                "commands/s idle, with those in scripts",
                                result -> Figures.perIdleSecond(result, "redisCommands"),
                                0));
            case REDIS_RECONNECT:
                return List.of(
                        column("clients", "clients", 0),
                        column("messages missed by them", "missed", 0),
                        column("history reads", "reads", 0),
                        column("all scripts", "evalsha", 0),
                        column("seconds until all were connected", "connectedSeconds", 2),
                        column("until the last was served", "servedSeconds", 2));
            default:
                throw new IllegalArgumentException(mode.name());
        }
    }

    private static Column column(String title, String key, int decimals) {
        return new Column(title, result -> result.getDouble(key), decimals);
    }

    private static Column percent(String title, String key) {
        return new Column(title, result -> 100 * result.getDouble(key), 0);
    }

    private static Column between(String title, String from, String to, String key, double divisor) {
        return new Column(title, result -> Figures.growth(result, from, to, key) / divisor, divisor == 1 ? 0 : 1);
    }
}
