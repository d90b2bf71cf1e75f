package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Report.range;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The table of one scenario: a row per server, columns by the scenario's mode. */
final class ScenarioTable {
    private final Results results;

    ScenarioTable(Results results) {
        this.results = results;
    }

    void append(StringBuilder text, Scenario scenario) {
        List<String> columns = columns(scenario);
        text.append("| server | ").append(String.join(" | ", columns)).append(" | failures |\n");
        text.append("|---".repeat(columns.size() + 2)).append("|\n");
        for (Contender contender : scenario.contenders()) {
            if (results.of(scenario.name()).stream().anyMatch(run -> run.contender() == contender)) {
                text.append("| ").append(contender.title).append(" | ");
                text.append(String.join(
                        " | ",
                        results.of(scenario.name(), contender).isEmpty()
                                ? columns.stream().map(column -> "–").toList()
                                : cells(scenario, contender)));
                text.append(" | ").append(failures(scenario, contender)).append(" |\n");
            }
        }
    }

    private static List<String> columns(Scenario scenario) {
        switch (scenario.mode()) {
            case WINDOW:
            case RATE:
            case CHANNELS:
                return List.of(
                        "thousand deliveries per CPU-second",
                        "ours ÷ it",
                        "thousand deliveries/s",
                        "p50 ms",
                        "p99 ms",
                        "p99.9 ms",
                        "p99 by round",
                        "server CPU",
                        "JVM compilers' part of it",
                        "generator CPU",
                        "bytes");
            case STALLED:
                return List.of(
                        "p99 ms before",
                        "during",
                        "after",
                        "resident MB before",
                        "during",
                        "stalled got",
                        "of",
                        "announced as gap");
            case IDLE:
                return List.of("resident kB per connection", "heap kB per connection", "ours ÷ it");
            case CONNECT:
                return List.of("handshakes/s", "ours ÷ it", "server CPU", "generator CPU");
            case SOAK:
                return List.of("published", "heap kB after each minute", "resident MB after the last");
            default:
                return FigureTable.columns(scenario.mode());
        }
    }

    private List<String> cells(Scenario scenario, Contender contender) {
        String name = scenario.name();
        switch (scenario.mode()) {
            case WINDOW:
            case RATE:
            case CHANNELS:
                return load(scenario, contender);
            case STALLED:
                return List.of(
                        cell(name, contender, r -> Figures.p99(r.getJsonObject("before")), 1),
                        cell(name, contender, r -> Figures.p99(r.getJsonObject("during")), 1),
                        cell(name, contender, r -> Figures.p99(r.getJsonObject("after")), 1),
                        cell(name, contender, r -> megabytes(r, "before"), 1),
                        cell(name, contender, r -> megabytes(r, "during"), 1),
                        cell(name, contender, r -> r.getDouble("stalledReceived"), 0),
                        cell(name, contender, r -> r.getDouble("published"), 0),
                        cell(name, contender, r -> r.getDouble("stalledAnnouncedGap"), 0));
            case IDLE:
                return List.of(
                        cell(name, contender, Figures::residentPerConnection, 2),
                        cell(name, contender, Figures::heapPerConnection, 2),
                        range(results.ratio(name, contender, Figures::residentPerConnection), 2));
            case CONNECT:
                return List.of(
                        cell(name, contender, Figures::handshakesPerSecond, 0),
                        range(results.ratio(name, contender, Figures::handshakesPerSecond), 2),
                        share(name, contender, "serverUtilisation"),
                        share(name, contender, "generatorUtilisation"));
            case SOAK:
                return List.of(
                        cell(name, contender, r -> r.getDouble("published"), 0),
                        minutes(name, contender),
                        cell(
                                name,
                                contender,
                                r -> megabytes(
                                        r,
                                        "minute "
                                                + r.getJsonObject("checkpoints").size()),
                                1));
            default:
                return new FigureTable(results).cells(scenario, contender);
        }
    }

    private List<String> load(Scenario scenario, Contender contender) {
        String name = scenario.name();
        Histogram latencies = results.latencies(name, contender);
        return List.of(
                cell(name, contender, r -> Figures.deliveriesPerCpuSecond(r) / 1e3, 0),
                range(
                        scenario.mode() == Scenario.Mode.RATE
                                ? results.costRatioAtRate(name, Contender.OURS, contender)
                                : results.ratio(name, contender, Figures::deliveriesPerCpuSecond),
                        2),
                cell(name, contender, r -> r.getDouble("deliveriesPerSecond") / 1e3, 0),
                percentile(latencies, 50),
                percentile(latencies, 99),
                percentile(latencies, 99.9),
                cell(name, contender, Figures::p99, 1),
                share(name, contender, "serverUtilisation"),
                share(name, contender, "compilerShare"),
                share(name, contender, "generatorUtilisation"),
                results.figure(name, contender, r -> r.getDouble("payloadBytes"))
                        .map(s -> String.format("%.0f", s.median()))
                        .orElse("–"));
    }

    private String cell(String scenario, Contender contender, ToDoubleFunction<JsonObject> figure, int decimals) {
        return range(results.figure(scenario, contender, figure), decimals);
    }

    private String share(String scenario, Contender contender, String key) {
        return results.figure(scenario, contender, r -> r.getDouble(key))
                .map(s -> Math.round(100 * s.median()) + " %")
                .orElse("–");
    }

    private static String percentile(Histogram latencies, double percentile) {
        return String.format(Locale.ROOT, "%.1f", latencies.getValueAtPercentile(percentile) / 1e6);
    }

    private static double megabytes(JsonObject result, String checkpoint) {
        return result.getJsonObject("checkpoints").getJsonObject(checkpoint).getDouble("residentKb") / 1024;
    }

    private String minutes(String scenario, Contender contender) {
        return results.of(scenario, contender).stream()
                .map(run -> run.result().getJsonObject("checkpoints"))
                .map(checkpoints -> checkpoints.stream()
                        .map(entry -> String.valueOf(((JsonObject) entry.getValue()).getValue("heapKb")))
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("; "));
    }

    private String failures(Scenario scenario, Contender contender) {
        String failures = results.of(scenario.name()).stream()
                .filter(run -> run.contender() == contender)
                .flatMap(run -> run.failures().stream().map(failure -> "round " + run.round() + ": " + failure))
                .distinct()
                .collect(Collectors.joining("; "));
        return failures.isEmpty() ? "none" : failures.replace("|", "\\|");
    }
}
