package io.broadcastsocket.verify.report;

import io.broadcastsocket.verify.ledger.Tally;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Outcomes as programs read them. */
public final class JsonReport {
    private JsonReport() {}

    /** @param error why it ended early, if it did */
    public static JsonObject of(JsonObject run, List<FaultOutcome> outcomes, Optional<String> error) {
        JsonArray faults = new JsonArray();
        outcomes.forEach(outcome -> faults.add(fault(outcome)));
        JsonObject report = run.copy()
                .put("ok", error.isEmpty() && FaultOutcome.isVerified(outcomes))
                .put("faults", faults);
        error.ifPresent(why -> report.put("error", why));
        return report;
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
                .put("ackedAgain", tally.acknowledgedAgain())
                .put("deliveries", tally.deliveries())
                .put("repeated", tally.repeated())
                .put("gaps", new JsonObject(Map.copyOf(tally.gaps())))
                .put("resumes", report.resumes())
                .put(
                        "sessions",
                        new JsonObject().put("asked", tally.sessionsAsked()).put("resumed", tally.sessionsResumed()))
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
