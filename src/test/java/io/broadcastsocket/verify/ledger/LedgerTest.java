package io.broadcastsocket.verify.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Violation.Kind;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Histories that hold and histories that do not, and what the ledger says of each. */
class LedgerTest {
    private static final String CHANNEL = "news";

    private Ledger ledger = new Ledger(Survival.CERTAIN);
    private Track track = ledger.track("client 1", CHANNEL);
    private final TreeMap<Long, String> history = new TreeMap<>();
    private Position top = at(0);

    @BeforeEach
    void subscribe() {
        track.subscribed(at(0), true);
    }

    /** From here on nodes may lose what they have. */
    private void mayLose() {
        ledger = new Ledger(Survival.UNCERTAIN);
        track = ledger.track("client 1", CHANNEL);
        subscribe();
    }

    private static Position at(long offset) {
        return new Position("e1", offset);
    }

    /** Publishes, and acknowledges at the next offset. */
    private void accept(int count) {
        for (int i = 0; i < count; i++) {
            top = top.at(top.offset() + 1);
            String id = "m" + top.offset();
            ledger.published(id);
            ledger.acknowledged(id, CHANNEL, top, false);
            history.put(top.offset(), id);
        }
    }

    private void deliver(long... offsets) {
        for (long offset : offsets) {
            track.message(offset, "m" + offset);
        }
    }

    private List<Kind> conclude() {
        ledger.conclude(CHANNEL, top, history);
        return ledger.tally().violations().stream().map(Violation::kind).toList();
    }

    private String told() {
        return ledger.tally().violations().toString();
    }

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

    @Nested
    class Gaps {
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

    @Nested
    class Resuming {
        @Test
        void goingOnAtTheOwnPositionHolds() {
            accept(3);
            deliver(1);
            track.subscribed(at(1), true);
            deliver(2, 3);
            assertThat(conclude()).isEmpty();
        }

        @Test
        void goingOnLaterIsALoss() {
            accept(3);
            deliver(1);
            track.subscribed(at(2), true);
            deliver(3);
            assertThat(conclude()).containsExactly(Kind.LOST, Kind.MISSING);
        }

        @Test
        void announcedRepetitionsOfASessionHold() {
            accept(4);
            deliver(1, 2, 3);
            track.resumed(at(1), true, 2);
            deliver(2, 3, 4);
            assertThat(conclude()).isEmpty();
            assertThat(ledger.tally().repeated()).isEqualTo(2);
            assertThat(track.position()).isEqualTo(at(4));
        }

        @Test
        void repetitionsThatDoNotComeAreFound() {
            accept(3);
            deliver(1, 2, 3);
            track.resumed(at(1), true, 2);
            deliver(2);
            assertThat(ledger.allAt(CHANNEL, top)).isFalse();
            assertThat(conclude()).containsExactly(Kind.UNSERVED);
            assertThat(told()).contains("was to get offsets 3..3 again");
        }

        @Test
        void aSessionThatIsLostIsFoundWhereItCannotBeLost() {
            ledger.sessionResumed();
            ledger.sessionForgotten();
            ledger.sessionLost("client 1 did not get its session again");
            assertThat(told()).contains("session: client 1 did not get its session again");
            assertThat(ledger.tally().sessionsAsked()).isEqualTo(3);
            assertThat(ledger.tally().sessionsResumed()).isEqualTo(1);
        }

        @Test
        void aSessionMayBeLostWhereEverythingMayBe() {
            mayLose();
            ledger.sessionLost("client 1 did not get its session again");
            assertThat(ledger.tally().violations()).isEmpty();
            assertThat(ledger.tally().sessionsAsked()).isEqualTo(1);
        }

        @Test
        void repetitionsBeyondTheAnnouncedAreDuplicates() {
            accept(4);
            deliver(1, 2, 3);
            track.resumed(at(1), true, 1);
            deliver(2, 3, 4);
            assertThat(conclude()).containsExactly(Kind.DUPLICATE);
            assertThat(told()).contains("offset 3 came again, which nothing had announced");
        }

        @Test
        void aSessionThatGoesOnBeyondWhatTheClientHasIsALoss() {
            accept(4);
            deliver(1);
            track.resumed(at(2), true, 0);
            deliver(3, 4);
            assertThat(conclude()).containsExactly(Kind.LOST, Kind.MISSING);
        }

        @Test
        void aSessionsGapMayBeginAtWhatTheServerIsSureOf() {
            accept(6);
            deliver(1, 2, 3);
            track.resumed(at(5), false, 0);
            track.gap(2, 5, "trimmed", at(5));
            deliver(6);
            history.headMap(5L, true).clear();
            assertThat(conclude()).isEmpty();
        }
    }
}
