package io.broadcastsocket.verify.ledger;

import java.util.ArrayList;
import java.util.List;

/** How many violations there are, and the first of them. */
final class Violations {
    private static final int KEPT = 20;

    private final List<Violation> first = new ArrayList<>();
    private long count;

    void add(Violation.Kind kind, String text) {
        count++;
        if (first.size() < KEPT) {
            first.add(new Violation(kind, text));
        }
    }

    long count() {
        return count;
    }

    List<Violation> first() {
        return List.copyOf(first);
    }
}
