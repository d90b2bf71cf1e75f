package io.broadcastsocket.verify.report;

import io.broadcastsocket.verify.ledger.Tally;
import io.broadcastsocket.verify.ledger.Violation;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Outcomes as people read them, one line each. */
public final class Lines {
    private static final int TOLD = 3;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Lines() {}

    /** @param zone of the times of day */
    public static String of(FaultOutcome outcome, ZoneId zone) {
        return outcome.accept(new FaultOutcome.Visitor<String>() {
            @Override
            public String played(FaultReport report) {
                return line(report, zone);
            }

            @Override
            public String skipped(SkippedFault fault) {
                return line(fault);
            }
        });
    }

    private static String line(SkippedFault skipped) {
        return String.format(
                "%-10s %-8s %-7s NOT VERIFIED: %s%s",
                skipped.name(),
                "-",
                skipped.required() ? "FAILED" : "skipped",
                skipped.why(),
                skipped.required() ? ", and with CI=true it has to be" : "");
    }

    private static String line(FaultReport report, ZoneId zone) {
        Tally tally = report.tally();
        String line = String.format(
                Locale.ROOT,
                "%-10s %s %-7s acked %,d of %,d, checked %,d deliveries, repeated %,d, gaps %s, resumes %,d, "
                        + "sessions %,d of %,d resumed, longest pause %,d ms, recovery p50 %,d p99 %,d max %,d ms",
                report.name(),
                TIME.format(report.startedAt().atZone(zone)),
                report.held() ? "ok" : "FAILED",
                tally.acknowledged(),
                tally.published(),
                tally.deliveries(),
                tally.repeated(),
                gaps(tally),
                report.resumes(),
                tally.sessionsResumed(),
                tally.sessionsAsked(),
                report.pauseMs(),
                report.recoveryMs(0.5),
                report.recoveryMs(0.99),
                report.recoveryMs(1));
        return report.held() ? line : line + "; " + violations(tally);
    }

    private static String gaps(Tally tally) {
        return tally.gaps().isEmpty()
                ? "none"
                : new TreeMap<>(tally.gaps())
                        .entrySet().stream()
                                .map(gap -> gap.getKey() + " " + gap.getValue())
                                .collect(Collectors.joining(" + "));
    }

    private static String violations(Tally tally) {
        List<Violation> told =
                tally.violations().subList(0, Math.min(TOLD, tally.violations().size()));
        return tally.violationCount()
                + (tally.violationCount() == 1 ? " violation: " : " violations: ")
                + told.stream().map(Violation::toString).collect(Collectors.joining("; "))
                + (tally.violationCount() > told.size() ? "; …" : "");
    }
}
