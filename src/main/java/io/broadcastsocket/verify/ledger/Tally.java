package io.broadcastsocket.verify.ledger;

import java.util.List;
import java.util.Map;

/**
 * What a {@link Ledger} has seen.
 *
 * @param published publications that were sent, repetitions not counted
 * @param acknowledged those that were accepted
 * @param acknowledgedAgain acks that said that the publication was known
 * @param deliveries messages that were checked
 * @param repeated those of them that had been announced as possible repetitions
 * @param sessionsAsked how often a client asked for its session again
 * @param sessionsResumed how often it got it
 * @param gaps announced gaps by reason, over all clients
 * @param violationCount all violations
 * @param violations the first of them
 */
public record Tally(
        long published,
        long acknowledged,
        long acknowledgedAgain,
        long deliveries,
        long repeated,
        long sessionsAsked,
        long sessionsResumed,
        Map<String, Long> gaps,
        long violationCount,
        List<Violation> violations) {
    public Tally {
        gaps = Map.copyOf(gaps);
        violations = List.copyOf(violations);
    }
}
