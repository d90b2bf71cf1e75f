package io.broadcastsocket.verify.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.verify.ledger.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Subscribers that come back by their positions or by their session. */
class LedgerResumingTest extends LedgerCase {
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
