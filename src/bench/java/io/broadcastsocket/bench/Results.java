package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** All runs of one benchmark, and figures over their rounds. */
final class Results {

    /** One run; {@code round} counts from 1. */
    record Run(String scenario, Contender contender, int round, JsonObject result) {
        List<String> failures() {
            return result.getJsonArray("failures", new JsonArray()).stream()
                    .map(Object::toString)
                    .toList();
        }

        private boolean complete() {
            return failures().isEmpty();
        }
    }

    private final List<Run> runs = new ArrayList<>();

    void add(Run run) {
        runs.add(run);
    }

    List<Run> all() {
        return runs;
    }

    /** Runs without a failure. */
    List<Run> of(String scenario, Contender contender) {
        return of(scenario).stream()
                .filter(run -> run.contender() == contender && run.complete())
                .toList();
    }

    List<Run> of(String scenario) {
        return runs.stream().filter(run -> run.scenario().equals(scenario)).toList();
    }

    Optional<Statistic> figure(String scenario, Contender contender, ToDoubleFunction<JsonObject> figure) {
        List<Double> values = of(scenario, contender).stream()
                .map(run -> figure.applyAsDouble(run.result()))
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(values));
    }

    /** The quotient of two servers' figures round by round, so that a slow phase of the machine meets both. */
    Optional<Statistic> ratio(
            String scenario,
            Contender one,
            String otherScenario,
            Contender other,
            ToDoubleFunction<JsonObject> figure) {
        return byRound(
                scenario,
                one,
                otherScenario,
                other,
                (ours, theirs) -> figure.applyAsDouble(ours) / figure.applyAsDouble(theirs));
    }

    /** The difference of two servers' figures round by round. */
    Optional<Statistic> difference(
            String scenario, Contender one, Contender other, ToDoubleFunction<JsonObject> figure) {
        return byRound(
                scenario,
                one,
                scenario,
                other,
                (ours, theirs) -> figure.applyAsDouble(ours) - figure.applyAsDouble(theirs));
    }

    /**
     * The quotient of deliveries per CPU-second at a fixed rate, without rounds in which both filled their processor: what has
     * not left yet leaves together then, and as many deliveries by as much CPU give 1 whatever a message costs.
     */
    Optional<Statistic> costRatioAtRate(String scenario, Contender one, Contender other) {
        return byRound(
                scenario,
                one,
                scenario,
                other,
                (ours, theirs) -> Figures.isFull(ours) && Figures.isFull(theirs)
                        ? Double.NaN
                        : Figures.deliveriesPerCpuSecond(ours) / Figures.deliveriesPerCpuSecond(theirs));
    }

    private Optional<Statistic> byRound(
            String scenario,
            Contender one,
            String otherScenario,
            Contender other,
            ToDoubleBiFunction<JsonObject, JsonObject> comparison) {
        List<Double> values = new ArrayList<>();
        for (Run run : of(scenario, one)) {
            of(otherScenario, other).stream()
                    .filter(same -> same.round() == run.round())
                    .findFirst()
                    .map(same -> comparison.applyAsDouble(run.result(), same.result()))
                    .filter(Double::isFinite)
                    .ifPresent(values::add);
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(values));
    }

    Optional<Statistic> ratio(String scenario, Contender other, ToDoubleFunction<JsonObject> figure) {
        return ratio(scenario, Contender.OURS, scenario, other, figure);
    }

    /** The samples of all rounds in one histogram. */
    Histogram latencies(String scenario, Contender contender) {
        return latencies(scenario, contender, result -> result);
    }

    /** @param part what has the samples of a run's result */
    Histogram latencies(String scenario, Contender contender, UnaryOperator<JsonObject> part) {
        Histogram merged = new Histogram(3);
        for (Run run : of(scenario, contender)) {
            byte[] encoded = Base64.getDecoder().decode(part.apply(run.result()).getString("histogram"));
            try {
                merged.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0));
            } catch (DataFormatException e) {
                throw new IllegalStateException("a histogram of the generator is damaged", e);
            }
        }
        return merged;
    }
}
