package io.broadcastsocket.verify.ledger;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Violation.Kind;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;

/** One subscriber of one channel, what was published there, and what the ledger says of it. */
abstract class LedgerCase {
    static final String CHANNEL = "news";

    Ledger ledger = new Ledger(Survival.CERTAIN);
    Track track = ledger.track("client 1", CHANNEL);
    final TreeMap<Long, String> history = new TreeMap<>();
    Position top = at(0);

    @BeforeEach
    void subscribe() {
        track.subscribed(at(0), true);
    }

    /** From here on nodes may lose what they have. */
    final void mayLose() {
        ledger = new Ledger(Survival.UNCERTAIN);
        track = ledger.track("client 1", CHANNEL);
        subscribe();
    }

    static Position at(long offset) {
        return new Position("e1", offset);
    }

    /** Publishes, and acknowledges at the next offset. */
    final void accept(int count) {
        for (int i = 0; i < count; i++) {
            top = top.at(top.offset() + 1);
            String id = "m" + top.offset();
            ledger.published(id);
            ledger.acknowledged(id, CHANNEL, top, false);
            history.put(top.offset(), id);
        }
    }

    final void deliver(long... offsets) {
        for (long offset : offsets) {
            track.message(offset, "m" + offset);
        }
    }

    final List<Kind> conclude() {
        ledger.conclude(CHANNEL, top, history);
        return ledger.tally().violations().stream().map(Violation::kind).toList();
    }

    final String told() {
        return ledger.tally().violations().toString();
    }
}
