package io.broadcastsocket.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.verify.ledger.Tally;
import io.broadcastsocket.verify.ledger.Violation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static FaultReport report(String name, List<Violation> violations) {
        return new FaultReport(
                name,
                Instant.parse("2026-01-01T12:34:56Z"),
                9000,
                new Tally(
                        1234,
                        1233,
                        5,
                        14_808,
                        7,
                        4,
                        3,
                        Map.of("trimmed", 2L, "epoch", 1L),
                        violations.size(),
                        violations),
                8,
                412,
                LongStream.rangeClosed(1, 200).map(i -> 201 - i).boxed().toList());
    }

    @Test
    void aFaultIsOneLine() {
        assertThat(Lines.of(report("kill", List.of()), ZoneOffset.UTC))
                .isEqualTo(
                        "kill       12:34:56 ok      acked 1,233 of 1,234, checked 14,808 deliveries, repeated 7, gaps epoch 1 + "
                                + "trimmed 2, resumes 8, sessions 3 of 4 resumed, longest pause 412 ms, recovery p50 100 p99 198 max 200 ms");
    }

    @Test
    void theFirstViolationsAreInTheLine() {
        List<Violation> violations = Collections.nCopies(4, new Violation(Violation.Kind.LOST, "client 1: offset 3"));
        String line = Lines.of(report("kill", violations), ZoneOffset.UTC);
        assertThat(line)
                .contains(" FAILED ")
                .endsWith("; 4 violations: lost: client 1: offset 3; lost: client 1: offset 3; "
                        + "lost: client 1: offset 3; …");
    }

    @Test
    void aSkippedFaultIsLoudAndFailsOnlyWhereItIsRequired() {
        SkippedFault here = new SkippedFault("partition", "no \"ip\" command", false);
        SkippedFault inCi = new SkippedFault("partition", "no \"ip\" command", true);
        assertThat(Lines.of(here, ZoneOffset.UTC)).contains("skipped", "NOT VERIFIED: no \"ip\" command");
        assertThat(Lines.of(inCi, ZoneOffset.UTC)).contains("FAILED", "CI=true");
        assertThat(here.held()).isTrue();
        assertThat(inCi.held()).isFalse();
    }

    @Test
    void theJsonReportHasEverything() {
        JsonObject report = JsonReport.of(
                new JsonObject().put("seed", 7),
                List.of(
                        report("kill", List.of()),
                        report("cut", List.of(new Violation(Violation.Kind.LOST, "client 1"))),
                        new SkippedFault("partition", "why", false)),
                Optional.of("no more nodes"));
        assertThat(report.getBoolean("ok")).isFalse();
        assertThat(report.getInteger("seed")).isEqualTo(7);
        JsonObject kill = report.getJsonArray("faults").getJsonObject(0);
        assertThat(kill.getString("verdict")).isEqualTo("ok");
        assertThat(kill.getJsonObject("recoveryMs").getLong("p99")).isEqualTo(198);
        assertThat(kill.getJsonObject("gaps").getLong("trimmed")).isEqualTo(2);
        assertThat(kill.getJsonObject("sessions").getLong("asked")).isEqualTo(4);
        assertThat(kill.getJsonObject("sessions").getLong("resumed")).isEqualTo(3);
        assertThat(report.getString("error")).isEqualTo("no more nodes");
        JsonObject cut = report.getJsonArray("faults").getJsonObject(1);
        assertThat(cut.getString("verdict")).isEqualTo("failed");
        assertThat(cut.getJsonArray("violations").getJsonObject(0).getString("kind"))
                .isEqualTo("lost");
        assertThat(report.getJsonArray("faults").getJsonObject(2).getString("verdict"))
                .isEqualTo("skipped");
    }

    @Test
    void nothingIsProvenByNothing() {
        FaultOutcome held = report("kill", List.of());
        FaultOutcome skipped = new SkippedFault("partition", "why", false);
        assertThat(FaultOutcome.isVerified(List.of(held, skipped))).isTrue();
        assertThat(FaultOutcome.isVerified(List.of(skipped))).isFalse();
        assertThat(FaultOutcome.isVerified(List.of())).isFalse();
        assertThat(JsonReport.of(new JsonObject(), List.of(held), Optional.empty())
                        .getBoolean("ok"))
                .isTrue();
        assertThat(JsonReport.of(new JsonObject(), List.of(held), Optional.of("stopped"))
                        .getBoolean("ok"))
                .isFalse();
    }

    @Test
    void withoutRecoveriesThereIsNothingToTell() {
        FaultReport report = new FaultReport(
                "cut", Instant.EPOCH, 0, new Tally(0, 0, 0, 0, 0, 0, 0, Map.of(), 0, List.of()), 0, 0, List.of());
        assertThat(report.recoveryMs(0.99)).isZero();
        assertThat(report.held()).isTrue();
    }
}
