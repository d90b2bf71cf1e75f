package io.broadcastsocket.verify.report;

import java.util.List;

/** One line of the report. */
public sealed interface FaultOutcome permits FaultReport, SkippedFault {
    /** Whether it was played at all. */
    boolean played();

    /** Whether it does not make the run fail. */
    boolean held();

    /** Whether all of them held, and at least one was played: nothing is proven by nothing. */
    static boolean isVerified(List<FaultOutcome> outcomes) {
        return outcomes.stream().anyMatch(FaultOutcome::played)
                && outcomes.stream().allMatch(FaultOutcome::held);
    }

    <R> R accept(Visitor<R> visitor);

    /** One method for each. */
    interface Visitor<R> {
        R played(FaultReport report);

        R skipped(SkippedFault fault);
    }
}
