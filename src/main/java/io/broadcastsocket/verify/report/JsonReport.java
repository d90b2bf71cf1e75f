package io.broadcastsocket.verify.report;

import io.broadcastsocket.verify.ledger.Tally;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Outcomes as programs read them. */
public final class JsonReport {
    private JsonReport() {}

    public static JsonObject of(JsonObject run, List<FaultOutcome> outcomes) {
        JsonArray faults = new JsonArray();
        outcomes.forEach(outcome -> faults.add(fault(outcome)));
        return run.copy()
                .put("ok", outcomes.stream().allMatch(FaultOutcome::held))
                .put("faults", faults);
    }

    private static JsonObject fault(FaultOutcome outcome) {
        return outcome.accept(new FaultOutcome.Visitor<JsonObject>() {
            @Override
            public JsonObject played(FaultReport report) {
                return document(report);
            }

            @Override
            public JsonObject skipped(SkippedFault fault) {
                return document(fault);
            }
        });
    }

    private static JsonObject document(SkippedFault skipped) {
        return new JsonObject()
                .put("name", skipped.name())
                .put("verdict", skipped.required() ? "failed" : "skipped")
                .put("reason", skipped.why());
    }

    private static JsonObject document(FaultReport report) {
        Tally tally = report.tally();
        JsonArray violations = new JsonArray();
        tally.violations()
                .forEach(violation -> violations.add(
                        new JsonObject().put("kind", violation.kind().code()).put("text", violation.text())));
        return new JsonObject()
                .put("name", report.name())
                .put("verdict", report.held() ? "ok" : "failed")
                .put("startedAt", report.startedAt().toString())
                .put("tookMs", report.tookMs())
                .put("published", tally.published())
                .put("acked", tally.acknowledged())
                .put("deliveries", tally.deliveries())
                .put("repeated", tally.repeated())
                .put("gaps", new JsonObject(Map.copyOf(tally.gaps())))
                .put("resumes", report.resumes())
                .put("longestPauseMs", report.pauseMs())
                .put(
                        "recoveryMs",
                        new JsonObject()
                                .put("samples", report.recoveriesMs().size())
                                .put("p50", report.recoveryMs(0.5))
                                .put("p99", report.recoveryMs(0.99))
                                .put("max", report.recoveryMs(1)))
                .put("violationCount", tally.violationCount())
                .put("violations", violations);
    }
}
