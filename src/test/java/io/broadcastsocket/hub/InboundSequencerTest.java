package io.broadcastsocket.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundSequencerTest implements InboundSequencer.Output {
    private final List<String> log = new ArrayList<>();
    private final InboundSequencer sequencer = new InboundSequencer("a", this);

    @Test
    void whileAttachingAnnouncementsAreHeld() {
        sequencer.accept(publication(5));
        assertThat(log).isEmpty();
        sequencer.started(new Position("e", 4));
        assertThat(log).containsExactly("5");
    }

    @Test
    void whatWasHeldBeforeTheAttachPositionIsDropped() {
        sequencer.accept(publication(3));
        sequencer.started(new Position("e", 4));
        assertThat(log).isEmpty();
    }

    @Test
    void whatWasHeldOfAnotherEpochCausesNoFills() {
        sequencer.accept(publication("d", 1000));
        sequencer.started(new Position("e", 0));
        accept(1, 2);
        assertThat(log).containsExactly("1", "2");
    }

    @Test
    void whereTheLogHasMovedToIsRememberedWhileAttaching() {
        sequencer.moved(new Position("e", 6));
        sequencer.started(new Position("e", 4));
        assertThat(log).containsExactly("fill 4");
    }

    @Test
    void beingBehindWhereTheLogHasMovedToIsFilledAtOnce() {
        sequencer.started(new Position("e", 4));
        sequencer.moved(new Position("e", 4));
        assertThat(log).isEmpty();
        sequencer.moved(new Position("e", 5));
        assertThat(log).containsExactly("fill 4");
    }

    @Test
    void theNextIsDeliveredAndAKnownOneDropped() {
        sequencer.started(new Position("e", 0));
        accept(1, 2, 2, 1, 3);
        assertThat(log).containsExactly("1", "2", "3");
    }

    @Test
    void aHoleIsFilledFromTheLogAndWhatWasHeldFollows() {
        sequencer.started(new Position("e", 0));
        accept(1, 3, 4);
        assertThat(log).containsExactly("1", "fill 1");
        sequencer.filled(page(4, 2));
        assertThat(log).containsExactly("1", "fill 1", "2", "3", "4");
    }

    @Test
    void aHoleThatClosesByItselfNeedsNoMoreFills() {
        sequencer.started(new Position("e", 0));
        accept(2, 1);
        sequencer.filled(page(2, 1, 2));
        assertThat(log).containsExactly("fill 0", "1", "2");
    }

    @Test
    void anEmptyPageDoesNotAskAgainAtOnce() {
        sequencer.started(new Position("e", 0));
        accept(3);
        sequencer.filled(page(0));
        assertThat(log).containsExactly("fill 0");
    }

    @Test
    void aFillThatDoesNotReachTheTopAsksAgain() {
        sequencer.started(new Position("e", 0));
        accept(5);
        sequencer.filled(page(5, 1, 2));
        assertThat(log).containsExactly("fill 0", "1", "2", "fill 2");
    }

    @Test
    void whatWasTrimmedIsAGap() {
        sequencer.started(new Position("e", 1));
        accept(9);
        sequencer.filled(new ReadResult.Unservable(Gap.Reason.TRIMMED, new Position("e", 6), new Position("e", 9)));
        assertThat(log).containsExactly("fill 1", "lost 2-6 trimmed", "fill 6");
    }

    @Test
    void anotherEpochIsAskedForAndAnnounced() {
        sequencer.started(new Position("e", 4));
        sequencer.accept(publication("f", 1));
        sequencer.filled(new ReadResult.Unservable(Gap.Reason.EPOCH, new Position("f", 0), new Position("f", 1)));
        sequencer.filled(new ReadResult.Page(List.of(publication("f", 1)), new Position("f", 1)));
        assertThat(log).containsExactly("fill 4", "lost 5-4 epoch", "fill 0", "1");
        assertThat(sequencer.last()).isEqualTo(new Position("f", 1));
    }

    @Test
    void aStragglerOfTheOldEpochIsNotDelivered() {
        sequencer.started(new Position("f", 1));
        sequencer.accept(publication("e", 2));
        sequencer.filled(new ReadResult.Page(List.of(), new Position("f", 1)));
        assertThat(log).containsExactly("fill 1");
    }

    @Test
    void beingBehindATopTwiceAsksForAFill() {
        sequencer.started(new Position("e", 1));
        sequencer.compare(new Position("e", 3));
        assertThat(log).isEmpty();
        sequencer.compare(new Position("e", 3));
        assertThat(log).containsExactly("fill 1");
    }

    @Test
    void aFailedFillIsTriedAgainAtTheNextComparison() {
        sequencer.started(new Position("e", 0));
        accept(2);
        sequencer.fillFailed();
        sequencer.compare(new Position("e", 2));
        assertThat(log).containsExactly("fill 0", "fill 0");
    }

    @Override
    public void deliver(Publication publication) {
        log.add(Long.toString(publication.offset()));
    }

    @Override
    public void fill(Position after) {
        log.add("fill " + after.offset());
    }

    @Override
    public void lost(Position before, Gap gap) {
        log.add("lost " + gap.from() + "-" + gap.to() + " " + gap.reason().code());
    }

    private void accept(long... offsets) {
        for (long offset : offsets) {
            sequencer.accept(publication(offset));
        }
    }

    private static ReadResult page(long top, long... offsets) {
        return new ReadResult.Page(
                Arrays.stream(offsets)
                        .mapToObj(InboundSequencerTest::publication)
                        .toList(),
                new Position("e", top));
    }

    private static Publication publication(long offset) {
        return publication("e", offset);
    }

    private static Publication publication(String epoch, long offset) {
        Draft draft =
                new Draft("a", "1".getBytes(StandardCharsets.UTF_8), "m" + offset, Draft.Identity.PUBLISHER, null);
        return PublicationEncoder.encode(draft, new Position(epoch, offset), 1);
    }
}
