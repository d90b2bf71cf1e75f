package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Report.range;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** A table whose columns are the figures of a mode, and percentiles of its latencies over all rounds. */
final class FigureTable {

    /** Latencies of one kind; {@code part} is what has them of a run's result. */
    private record Timing(String title, UnaryOperator<JsonObject> part) {
        static Timing of(String title, String part) {
            return new Timing(title + ": ", result -> result.getJsonObject(part));
        }
    }

    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.9);

    private final Results results;

    FigureTable(Results results) {
        this.results = results;
    }

    static List<String> columns(Scenario.Mode mode) {
        return Stream.concat(
                        figures(mode).stream().map(Column::title),
                        timings(mode).stream()
                                .flatMap(timing -> Stream.of(timing.title + "p50 ms", "p99 ms", "p99.9 ms")))
                .toList();
    }

    List<String> cells(Scenario scenario, Contender contender) {
        Stream<String> figures = figures(scenario.mode()).stream()
                .map(column -> range(results.figure(scenario.name(), contender, column.figure()), column.decimals()));
        Stream<String> latencies = timings(scenario.mode()).stream()
                .map(timing -> results.latencies(scenario.name(), contender, timing.part))
                .flatMap(histogram -> PERCENTILES.stream().map(percentile -> milliseconds(histogram, percentile)));
        return Stream.concat(figures, latencies).toList();
    }

    private static String milliseconds(Histogram histogram, double percentile) {
        return String.format(Locale.ROOT, "%.2f", histogram.getValueAtPercentile(percentile) / 1e6);
    }

    private static List<Column> figures(Scenario.Mode mode) {
        return mode.name().startsWith("CLUSTER") ? ClusterColumns.of(mode) : RedisColumns.of(mode);
    }

    private static List<Timing> timings(Scenario.Mode mode) {
        switch (mode) {
            case REDIS_LATENCY:
            case REDIS_TWO_NODES:
                return List.of(new Timing("", result -> result));
            case CLUSTER_PUBLISH:
                return List.of(new Timing("ack: ", result -> result));
            case CLUSTER_LATENCY:
                return List.of(
                        Timing.of("ack", "acks"), Timing.of("same node", "near"), Timing.of("another node", "far"));
            default:
                return List.of();
        }
    }
}
