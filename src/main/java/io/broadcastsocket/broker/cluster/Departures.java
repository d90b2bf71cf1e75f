package io.broadcastsocket.broker.cluster;

import com.hazelcast.cluster.Member;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The members that have left lately.
 *
 * <p>Event loop only; pure.
 */
final class Departures {
    /** Hazelcast deals with a departure on a thread of its own, in the order of what that has to do: within so long for certain. */
    private static final long LATELY_NANOS = 10_000_000_000L;

    private final LongSupplier nanoTime;
    private final Deque<Long> times = new ArrayDeque<>();
    private Set<Member> known = Set.of();

    Departures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Compares who is there with who was there. */
    void see(Set<Member> members) {
        if (members == known) {
            return;
        }
        for (Member member : known) {
            if (!members.contains(member)) {
                times.add(nanoTime.getAsLong());
            }
        }
        known = members;
    }

    /** How many have left lately. */
    int recent() {
        long oldest = nanoTime.getAsLong() - LATELY_NANOS;
        while (!times.isEmpty() && times.peek() - oldest < 0) {
            times.poll();
        }
        return times.size();
    }
}
