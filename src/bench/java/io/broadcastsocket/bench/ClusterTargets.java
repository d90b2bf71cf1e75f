package io.broadcastsocket.bench;

import static io.broadcastsocket.bench.Contender.OURS;
import static io.broadcastsocket.bench.Contender.OURS_2;
import static io.broadcastsocket.bench.Contender.OURS_3;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What a cluster costs against one node of the same round. There are no limits. */
final class ClusterTargets {
    private static final String COST_OF_TWO = "deliveries per CPU-second of two nodes ÷ one";
    private static final String COST_OF_THREE = "… of three nodes ÷ one";
    private static final String AT_RATE = ", unless both fill the processor";

    private final Results results;

    ClusterTargets(Results results) {
        this.results = results;
    }

    List<Target> all() {
        List<Target> targets = new ArrayList<>();
        for (String scenario : List.of(ClusterScenarios.STEADY_100, ClusterScenarios.STEADY_1000)) {
            targets.add(target(scenario, COST_OF_TWO + AT_RATE, results.costRatioAtRate(scenario, OURS_2, OURS)));
            targets.add(target(scenario, COST_OF_THREE + AT_RATE, results.costRatioAtRate(scenario, OURS_3, OURS)));
            targets.add(target(
                    scenario,
                    "median of two nodes less that of one, ms",
                    results.difference(scenario, OURS_2, OURS, Figures::p50)));
            targets.add(target(
                    scenario,
                    "… of three nodes less that of one, ms",
                    results.difference(scenario, OURS_3, OURS, Figures::p50)));
        }
        targets.add(ratio(ClusterScenarios.SATURATED, COST_OF_TWO, OURS_2, Figures::deliveriesPerCpuSecond));
        targets.add(ratio(ClusterScenarios.SATURATED, COST_OF_THREE, OURS_3, Figures::deliveriesPerCpuSecond));
        targets.add(target(
                ClusterScenarios.LATENCY,
                "median on another of three nodes less that on the same, ms",
                results.figure(ClusterScenarios.LATENCY, OURS_3, result -> p50(result, "far") - p50(result, "near"))));
        targets.add(difference("… on another of three nodes less that of one node, ms", "far"));
        targets.add(difference("… of the acks of three nodes less that of one node, ms", "acks"));
        for (String scenario : List.of(ClusterScenarios.PUBLISH_1, ClusterScenarios.PUBLISH_100)) {
            targets.add(ratio(
                    scenario, "publishes per second through one of three nodes ÷ one", OURS_3, Figures::acksPerSecond));
        }
        targets.add(ratio(
                ClusterScenarios.MEMORY,
                "bytes per message in all of three nodes ÷ one",
                OURS_3,
                Figures::bytesPerMessage));
        targets.add(ratio(
                ClusterScenarios.MEMORY, "resident set of one of three nodes ÷ one", OURS_3, Figures::residentOfNode));
        targets.add(ratio(
                ClusterScenarios.CHANNELS,
                "seconds to subscribe to 10,000 channels on one of three nodes ÷ one",
                OURS_3,
                result -> result.getDouble("subscribeSeconds")));
        return targets;
    }

    private static double p50(JsonObject result, String part) {
        return Figures.p50(result.getJsonObject(part));
    }

    private Target difference(String what, String part) {
        return target(
                ClusterScenarios.LATENCY,
                what,
                results.difference(ClusterScenarios.LATENCY, OURS_3, OURS, result -> p50(result, part)));
    }

    private Target ratio(String scenario, String what, Contender cluster, ToDoubleFunction<JsonObject> figure) {
        return target(scenario, what, results.ratio(scenario, cluster, scenario, OURS, figure));
    }

    private static Target target(String scenario, String what, Optional<Statistic> measured) {
        return new Target(scenario, what, Target.Bound.AT_MOST, Double.NaN, Double.NaN, measured);
    }
}
