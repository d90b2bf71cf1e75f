package io.broadcastsocket.broker.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The nodes that are there and do not answer: the members see each other, and the event bus between them is cut off, or the node
 * hangs. What such a node announces may not arrive, and its numbers do not tell so.
 *
 * <p>Event loop only, except for {@link #problem}; pure.
 */
final class Silence {
    /** A few questions without an answer. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private final LongSupplier nanoTime;
    private final Map<String, Long> heard = new HashMap<>();
    private volatile String problem = "";

    Silence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A node has answered. */
    void heard(String node) {
        heard.replace(node, nanoTime.getAsLong());
    }

    /** Looks at those that are there; tells whether one of them is silent. */
    boolean look(Collection<String> nodes) {
        long now = nanoTime.getAsLong();
        heard.keySet().retainAll(nodes);
        nodes.forEach(node -> heard.putIfAbsent(node, now));
        Optional<String> silent = heard.entrySet().stream()
                .filter(entry -> now - entry.getValue() > LONGEST_NANOS)
                .map(Map.Entry::getKey)
                .findFirst();
        problem = silent.map(node -> "node " + node
                        + " is a member and does not answer on the event bus: can this node reach its cluster.busPort?")
                .orElse("");
        return silent.isPresent();
    }

    /** What operators have to know, or nothing; any thread. */
    String problem() {
        return problem;
    }
}
