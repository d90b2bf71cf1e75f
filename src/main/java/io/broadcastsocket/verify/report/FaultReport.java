package io.broadcastsocket.verify.report;

import io.broadcastsocket.verify.ledger.Tally;
import java.time.Instant;
import java.util.List;

/**
 * What came of one fault.
 *
 * @param startedAt when its load began
 * @param tookMs until everything was compared
 * @param resumes how often a client came back
 * @param pauseMs the longest time any client waited between two deliveries
 * @param recoveriesMs from each strike to each client being served again, ascending
 */
public record FaultReport(
        String name, Instant startedAt, long tookMs, Tally tally, long resumes, long pauseMs, List<Long> recoveriesMs)
        implements FaultOutcome {
    public FaultReport {
        recoveriesMs = recoveriesMs.stream().sorted().toList();
    }

    @Override
    public boolean played() {
        return true;
    }

    @Override
    public boolean held() {
        return tally.violationCount() == 0;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.played(this);
    }

    /** The value below which this share of the recoveries lies; 0 without any. */
    public long recoveryMs(double share) {
        if (recoveriesMs.isEmpty()) {
            return 0;
        }
        int rank = (int) Math.ceil(share * recoveriesMs.size());
        return recoveriesMs.get(Math.max(1, rank) - 1);
    }
}
