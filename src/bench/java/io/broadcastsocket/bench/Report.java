package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes the results as markdown for people and as JSON for programs. */
final class Report {
    private final Results results;
    private final List<Scenario> scenarios;
    private final String command;
    private final List<String> remarks;

    /** {@code remarks} are what else a reader must know: who was absent, which runs were thrown away. */
    Report(Results results, List<Scenario> scenarios, String command, List<String> remarks) {
        this.results = results;
        this.scenarios = scenarios;
        this.command = command;
        this.remarks = remarks;
    }

    void write(Path markdown) throws IOException {
        if (markdown.getParent() != null) {
            Files.createDirectories(markdown.getParent());
        }
        Files.writeString(markdown, markdown());
        Files.writeString(
                Path.of(markdown.toString().replaceFirst("(\\.md)?$", ".json")), json().encodePrettily() + "\n");
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Benchmark\n\n");
        text.append("- Date: ")
                .append(LocalDate.now())
                .append("\n- Machine: ")
                .append(Environment.describe())
                .append("\n- Processes: ")
                .append(Environment.pinning())
                .append("; loopback\n- Command: `")
                .append(command)
                .append("`\n");
        remarks.forEach(remark -> text.append("- ").append(remark).append('\n'));
        text.append(
                "\nMedian (least–most) of the rounds; percentiles over the samples of all rounds. A delivery is one message received by one "
                        + "subscriber, checked for loss, order and duplicates; latency runs from the moment a message was due to its receipt; CPU is the "
                        + "server's user and system time. Ratios are taken round by round.\n");
        targets(text);
        ScenarioTable table = new ScenarioTable(results);
        for (Scenario scenario : scenarios) {
            text.append("\n## ")
                    .append(scenario.title())
                    .append("\n`")
                    .append(scenario.name())
                    .append("`\n\n");
            table.append(text, scenario);
        }
        return text.toString();
    }

    private void targets(StringBuilder text) {
        Targets targets = new Targets(results);
        text.append(
                "\n## Targets\n| scenario | figure | must | goal | measured | verdict |\n|---|---|---|---|---|---|\n");
        for (Target target : targets.all()) {
            if (scenarios.stream().anyMatch(scenario -> scenario.name().equals(target.scenario()))) {
                text.append(String.format(
                        "| `%s` | %s | %s | %s | %s | %s |%n",
                        target.scenario(),
                        target.what(),
                        limit(target, target.must()),
                        limit(target, target.goal()),
                        range(target.measured(), 2),
                        target.verdict(targets.failed(target))));
            }
        }
    }

    private static String limit(Target target, double limit) {
        return Double.isNaN(limit)
                ? "–"
                : target.bound().sign + " "
                        + String.format(Locale.ROOT, "%,.2f", limit).replaceFirst("\\.?0+$", "");
    }

    /** Median, and range where there is one, with so many decimals. */
    static String range(Optional<Statistic> figure, int decimals) {
        return figure.map(statistic -> range(statistic, "%,." + decimals + "f")).orElse("–");
    }

    private static String range(Statistic statistic, String format) {
        String median = String.format(Locale.ROOT, format, statistic.median());
        return statistic.least() == statistic.most()
                ? median
                : median
                        + String.format(
                                Locale.ROOT, " (" + format + "–" + format + ")", statistic.least(), statistic.most());
    }

    private JsonObject json() {
        JsonArray runs = new JsonArray();
        for (Results.Run run : results.all()) {
            JsonObject result = run.result().copy();
            result.remove("histogram");
            result.forEach(Report::withoutHistogram);
            runs.add(new JsonObject()
                    .put("scenario", run.scenario())
                    .put("server", run.contender().title)
                    .put("round", run.round())
                    .put("result", result));
        }
        return new JsonObject()
                .put("date", LocalDate.now().toString())
                .put("machine", Environment.describe())
                .put("command", command)
                .put("remarks", new JsonArray(List.copyOf(remarks)))
                .put("targets", targets())
                .put("runs", runs);
    }

    private static void withoutHistogram(Map.Entry<String, Object> entry) {
        if (entry.getValue() instanceof JsonObject object) {
            object.remove("histogram");
        }
    }

    private JsonArray targets() {
        Targets targets = new Targets(results);
        JsonArray array = new JsonArray();
        for (Target target : targets.all()) {
            array.add(new JsonObject()
                    .put("scenario", target.scenario())
                    .put("figure", target.what())
                    .put("median", target.measured().map(Statistic::median).orElse(null))
                    .put("verdict", target.verdict(targets.failed(target))));
        }
        return array;
    }
}
