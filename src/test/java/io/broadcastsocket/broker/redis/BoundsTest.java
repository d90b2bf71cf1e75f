package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.ReadResult.Unservable;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private static final Position TOP = new Position("now", 100);

    private static Bounds bounds(long floor, long start, String previous, String refused) {
        return new Bounds(TOP, floor, start, previous, refused, System.nanoTime());
    }

    private static Unservable unservable(Gap.Reason reason, long resumeAt) {
        return new Unservable(reason, TOP.at(resumeAt), TOP);
    }

    @Test
    void whatIsThereIsNotRefused() {
        Bounds bounds = bounds(50, 0, "", "now");
        assertThat(bounds.refusal(TOP.at(50))).isEmpty();
        assertThat(bounds.refusal(TOP)).isEmpty();
        assertThat(bounds.reaches(TOP.at(99))).isTrue();
        assertThat(bounds.reaches(TOP)).isFalse();
    }

    @Test
    void whatIsTrimmedIsRefused() {
        assertThat(bounds(50, 0, "", "now").refusal(TOP.at(49))).contains(unservable(Gap.Reason.TRIMMED, 50));
    }

    @Test
    void anEpochThatIsOverGoesOnWhereTheNextBegan() {
        assertThat(bounds(0, 80, "", "old").refusal(new Position("old", 90)))
                .contains(unservable(Gap.Reason.EPOCH, 80));
        assertThat(bounds(90, 80, "", "old").refusal(new Position("old", 90)))
                .contains(unservable(Gap.Reason.EPOCH, 90));
    }

    @Test
    void whatTheNextEpochHasTakenOverIsNotLost() {
        Bounds bounds = bounds(20, 80, "old", "old");
        assertThat(bounds.refusal(new Position("old", 60))).contains(unservable(Gap.Reason.EPOCH, 60));
        assertThat(bounds.refusal(new Position("old", 10))).contains(unservable(Gap.Reason.EPOCH, 20));
        assertThat(bounds.refusal(new Position("old", 85))).contains(unservable(Gap.Reason.EPOCH, 80));
        assertThat(bounds.refusal(new Position("older", 60))).contains(unservable(Gap.Reason.EPOCH, 80));
    }

    @Test
    void aPositionThatNeverExistedIsRefused() {
        assertThat(bounds(50, 0, "", "now").refusal(TOP.at(101))).contains(unservable(Gap.Reason.EPOCH, 50));
    }

    @Test
    void anEpochThatIsNotKnownMayBeALaterOne() {
        Bounds bounds = bounds(0, 0, "previous", "refused");
        assertThat(bounds.isOver("previous")).isTrue();
        assertThat(bounds.isOver("refused")).isTrue();
        assertThat(bounds.isOver("unknown")).isFalse();
        assertThat(bounds.isOver("now")).isFalse();
        assertThat(bounds(0, 0, "", "now").isOver("now")).isFalse();
    }

    @Test
    void areBelievedForASecond() {
        assertThat(bounds(0, 0, "", "").isBelieved()).isTrue();
        assertThat(new Bounds(TOP, 0, 0, "", "", System.nanoTime() - 1_100_000_000L).isBelieved())
                .isFalse();
    }
}
