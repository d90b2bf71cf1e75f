package io.broadcastsocket.verify.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.verify.ledger.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Histories that hold and histories that do not, and what the ledger says of each. */
class LedgerTest extends LedgerCase {
    @Test
    void everythingOnceAndInOrderHolds() {
        accept(3);
        deliver(1, 2, 3);
        assertThat(conclude()).isEmpty();
        Tally tally = ledger.tally();
        assertThat(tally.published()).isEqualTo(3);
        assertThat(tally.acknowledged()).isEqualTo(3);
        assertThat(tally.deliveries()).isEqualTo(3);
        assertThat(tally.gaps()).isEmpty();
    }

    @Test
    void aLostPublicationIsFoundAndItsAckNamed() {
        accept(3);
        deliver(1, 3);
        assertThat(conclude()).containsExactly(Kind.LOST, Kind.MISSING);
        assertThat(told())
                .contains("client 1, channel news: offsets 2..2 did not come", "m2, acknowledged at offset 2");
    }

    @Test
    void aDuplicateIsFound() {
        accept(2);
        deliver(1, 2, 2);
        assertThat(conclude()).containsExactly(Kind.DUPLICATE);
        assertThat(told()).contains("offset 2 came again after offset 2");
    }

    @Test
    void aReorderIsFound() {
        accept(3);
        deliver(1, 3, 2);
        assertThat(conclude()).containsExactly(Kind.LOST, Kind.REORDERED);
        assertThat(told()).contains("offset 2 came after offset 3");
    }

    @Test
    void whatNeverComesAtTheEndIsFound() {
        accept(3);
        deliver(1, 2);
        assertThat(conclude()).containsExactly(Kind.UNSERVED, Kind.MISSING);
        assertThat(told()).contains("m3, acknowledged at offset 3, never came");
    }

    @Test
    void standingBeyondTheTopIsFound() {
        accept(3);
        deliver(1, 2, 3);
        top = at(2);
        history.remove(3L);
        assertThat(conclude()).containsExactly(Kind.MISSING, Kind.UNSERVED);
        assertThat(told()).contains("stands at Position[epoch=e1, offset=3], and the channel at");
    }

    @Test
    void anAckedPublicationThatIsNotInTheLogIsFound() {
        accept(3);
        deliver(1, 2);
        top = at(2);
        history.remove(3L);
        assertThat(conclude()).containsExactly(Kind.MISSING, Kind.MISSING);
        assertThat(told()).contains("m3 was acknowledged at offset 3, and channel news ends at");
    }

    @Test
    void aHoleInTheHistoryIsFound() {
        accept(3);
        deliver(1, 2, 3);
        history.remove(2L);
        assertThat(conclude()).containsExactly(Kind.MISSING);
        assertThat(told()).contains("m2, acknowledged at offset 2, is not in the history");
    }

    @Test
    void whatTheHistoryHasTrimmedIsNotMissing() {
        accept(3);
        deliver(1, 2, 3);
        history.remove(1L);
        assertThat(conclude()).isEmpty();
    }

    @Test
    void twoIdsAtOneOffsetAreAContradiction() {
        accept(1);
        ledger.published("other");
        track.message(1, "other");
        assertThat(conclude()).contains(Kind.CONTRADICTION);
        assertThat(told()).contains("offset 1 is other for client 1, and m1 for the ack of channel news");
    }

    @Test
    void oneIdAtTwoOffsetsIsAContradiction() {
        accept(1);
        deliver(1);
        track.message(2, "m1");
        top = at(2);
        assertThat(conclude()).containsExactly(Kind.CONTRADICTION);
    }

    @Test
    void twoAcksOfOneIdMustNameOnePosition() {
        accept(1);
        deliver(1);
        ledger.acknowledged("m1", CHANNEL, at(1), true);
        assertThat(conclude()).isEmpty();
        ledger.acknowledged("m1", CHANNEL, at(1), false);
        assertThat(told()).contains("m1 was acknowledged twice, each time as the first one");
        ledger.acknowledged("m1", CHANNEL, at(7), true);
        assertThat(told()).contains("m1 was acknowledged at Position[epoch=e1, offset=1] and at");
    }

    @Test
    void whatComesBeforeTheAckOfASubscriptionIsFound() {
        accept(1);
        deliver(1);
        Track early = ledger.track("client 2", CHANNEL);
        early.message(1, "m1");
        early.gap(1, 0, "epoch", at(0));
        assertThat(told()).contains("client 2, channel news: offset 1 came before", "a gap came before");
    }

    @Test
    void whatNobodyPublishedIsFound() {
        deliver(1);
        top = at(1);
        assertThat(conclude()).containsExactly(Kind.FOREIGN);
    }
}
