package io.broadcastsocket.verify.report;

/** One line of the report. */
public sealed interface FaultOutcome permits FaultReport, SkippedFault {
    /** Whether it was played at all. */
    boolean played();

    /** Whether it does not make the run fail. */
    boolean held();

    <R> R accept(Visitor<R> visitor);

    /** One method for each. */
    interface Visitor<R> {
        R played(FaultReport report);

        R skipped(SkippedFault fault);
    }
}
