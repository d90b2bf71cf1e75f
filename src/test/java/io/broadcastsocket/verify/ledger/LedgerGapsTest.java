package io.broadcastsocket.verify.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Gaps that a subscriber may be told, and gaps that cover up a loss. */
class LedgerGapsTest extends LedgerCase {
    @Test
    void anAnnouncedGapHoldsAndIsCounted() {
        accept(4);
        deliver(1);
        track.gap(2, 3, "trimmed", at(3));
        deliver(4);
        history.headMap(3L, true).clear();
        assertThat(conclude()).isEmpty();
        assertThat(ledger.tally().gaps()).containsEntry("trimmed", 1L);
    }

    @Test
    void aTrimmedGapOfWhatTheHistoryHasIsFound() {
        accept(4);
        deliver(1);
        track.gap(2, 3, "trimmed", at(3));
        deliver(4);
        history.headMap(2L, true).clear();
        assertThat(conclude()).containsExactly(Kind.GAP);
        assertThat(told()).contains("a gap with reason trimmed has offset 3, which the history still has");
    }

    @Test
    void whatAChannelsRuleSkipsMayBeInTheHistory() {
        accept(4);
        deliver(1);
        track.gap(2, 3, "skipped", at(3));
        deliver(4);
        assertThat(conclude()).isEmpty();
    }

    @Test
    void anotherEpochIsFoundWhereNothingCanHaveBeenLost() {
        accept(1);
        deliver(1);
        track.gap(2, 1, "epoch", new Position("e2", 0));
        top = new Position("e2", 0);
        history.clear();
        assertThat(conclude()).containsExactly(Kind.EPOCH);
        assertThat(told()).contains("nothing can have been lost");
    }

    @Test
    void aGapThatDoesNotBeginWhereTheSubscriberStoodIsFound() {
        accept(4);
        deliver(1);
        track.gap(3, 3, "trimmed", at(3));
        deliver(4);
        assertThat(conclude()).contains(Kind.GAP, Kind.LOST, Kind.MISSING);
    }

    @Test
    void aGapThatDoesNotEndWhereDeliveryGoesOnIsFound() {
        accept(4);
        deliver(1);
        track.gap(2, 2, "trimmed", at(3));
        assertThat(told()).contains("does not end where delivery goes on");
    }

    @Test
    void aMessageBeforeTheGapThatTheAckAnnouncedIsFound() {
        accept(4);
        deliver(1);
        track.subscribed(at(3), false);
        deliver(2);
        assertThat(told()).contains("offset 2 came before the gap that the ack had announced");
    }

    @Test
    void anotherEpochAfterAGapIsComparedAnew() {
        mayLose();
        accept(2);
        deliver(1);
        track.subscribed(new Position("e2", 0), false);
        track.gap(2, 1, "epoch", new Position("e2", 0));
        ledger.published("n1");
        ledger.acknowledged("n1", CHANNEL, new Position("e2", 1), false);
        track.message(1, "n1");
        top = new Position("e2", 1);
        history.clear();
        history.put(1L, "n1");
        assertThat(conclude()).isEmpty();
        assertThat(ledger.tally().gaps()).containsEntry("epoch", 1L);
    }

    @Test
    void anotherEpochWithoutAGapIsFound() {
        accept(1);
        deliver(1);
        track.subscribed(new Position("e2", 0), true);
        assertThat(told()).contains("without a gap");
    }

    @Test
    void anEpochThatComesBackIsFound() {
        accept(1);
        deliver(1);
        track.gap(2, 1, "epoch", at(0));
        assertThat(told()).contains("leads to epoch e1, which was left before");
    }

    @Test
    void acksInAnEpochThatNobodyHeardOfAreFound() {
        accept(1);
        deliver(1);
        ledger.published("n1");
        ledger.acknowledged("n1", CHANNEL, new Position("e2", 1), false);
        assertThat(conclude()).containsExactly(Kind.MISSING);
        assertThat(told()).contains("1 publications were acknowledged in epoch e2, of which it was told nothing");
    }
}
