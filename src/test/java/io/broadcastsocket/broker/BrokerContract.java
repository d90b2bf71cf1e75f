package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What every adapter of {@link Broker} must do; the numbers are those of its obligations.
 *
 * <p>Asynchronous throughout: an adapter may need a network for each answer.
 */
public abstract class BrokerContract {
    /** Publications that the history of every channel keeps in this contract. */
    protected static final int HISTORY_SIZE = 10;

    private static final int DEADLINE_SECONDS = 10;

    /** A broker whose histories keep {@link #HISTORY_SIZE} publications. */
    protected abstract Broker broker();

    /** Makes all that was ever appended be lost, as when the store behind the broker is emptied. */
    protected abstract void loseEverything();

    /** Lets the histories grow old and be forgotten, but not the tops. */
    protected abstract void expireHistories();

    @Test
    void obligation1AppendGivesOffsetsFromOneWithoutHoles() {
        List<Long> offsets = IntStream.range(0, 5)
                .mapToObj(i -> append("a", "m" + i).position().offset())
                .toList();
        assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(append("b", "m0").position().offset()).isEqualTo(1);
    }

    @Test
    void obligation1WhatIsAppendedCanBeReadAtOnce() {
        Position position = append("a", "m").position();
        List<Publication> read = page("a", position.at(0)).publications();
        assertThat(read).hasSize(1);
        assertThat(read.get(0).position()).isEqualTo(position);
        assertThat(read.get(0).messageId()).isEqualTo("m");
    }

    @Test
    void obligation1ConcurrentAppendsLeaveNoHoleAndShareNoOffset() {
        List<Future<Accepted>> all = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> broker().append(draft("a", "c" + i)))
                .toList();
        List<Long> offsets = all.stream()
                .map(future -> await(future).position().offset())
                .sorted()
                .toList();
        assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void obligation2ARepeatedIdGetsTheFirstPositionAndAppendsNothing() {
        Accepted first = append("a", "same");
        append("a", "other");
        Accepted second = append("a", "same");
        assertThat(second.duplicate()).isTrue();
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(top("a").offset()).isEqualTo(2);
        assertThat(append("b", "same").duplicate()).isFalse();
    }

    @Test
    void obligation2AnIdOfTheServerIsNotRemembered() {
        Draft draft = new Draft("a", data(), "made-up", Draft.Identity.SERVER, null);
        await(broker().append(draft));
        assertThat(await(broker().append(draft)).duplicate()).isFalse();
    }

    @Test
    void obligation3ListenersHearOfWhatIsAppended() {
        List<Long> one = new CopyOnWriteArrayList<>();
        List<Long> two = new CopyOnWriteArrayList<>();
        await(broker().attach("a", publication -> one.add(publication.offset())));
        await(broker().attach("a", publication -> two.add(publication.offset())));
        append("a", "m1");
        append("b", "elsewhere");
        append("a", "m2");
        Awaitility.await().untilAsserted(() -> {
            assertThat(one).contains(1L, 2L);
            assertThat(two).contains(1L, 2L);
        });
    }

    @Test
    void obligation4ReadContinuesInOrderUpToALimit() {
        Position first = append("a", "m1").position();
        for (int i = 2; i <= HISTORY_SIZE; i++) {
            append("a", "m" + i);
        }
        List<Long> all = new ArrayList<>();
        Position after = first.at(0);
        while (all.size() < HISTORY_SIZE) {
            ReadResult.Page page = page("a", after, 3);
            assertThat(page.publications()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
            page.publications().forEach(publication -> all.add(publication.offset()));
            after = first.at(all.get(all.size() - 1));
            assertThat(page.top().offset()).isEqualTo(HISTORY_SIZE);
        }
        assertThat(all)
                .isEqualTo(LongStream.rangeClosed(1, HISTORY_SIZE).boxed().toList());
        assertThat(page("a", after).publications()).isEmpty();
    }

    @Test
    void obligation4WhatWasTrimmedCannotBeServedAndTheOldestIsNamed() {
        for (int i = 1; i <= HISTORY_SIZE + 3; i++) {
            append("a", "m" + i);
        }
        Position top = top("a");
        ReadResult.Unservable refused = unservable("a", top.at(1));
        assertThat(refused.reason()).isEqualTo(Gap.Reason.TRIMMED);
        assertThat(refused.top()).isEqualTo(top);
        assertThat(page("a", refused.resumeAt()).publications().get(0).offset())
                .isEqualTo(refused.resumeAt().offset() + 1);
    }

    @Test
    void obligation4AnotherEpochAndAPositionBeyondTheTopCannotBeServed() {
        Position top = append("a", "m").position();
        assertThat(unservable("a", new Position("another", 1)).reason()).isEqualTo(Gap.Reason.EPOCH);
        assertThat(unservable("a", top.at(2)).reason()).isEqualTo(Gap.Reason.EPOCH);
    }

    @Test
    void obligation5TheEpochChangesWhenEverythingIsLost() {
        Position before = append("a", "m").position();
        loseEverything();
        Position after = append("a", "m").position();
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(unservable("a", before).reason()).isEqualTo(Gap.Reason.EPOCH);
    }

    @Test
    void obligation5EpochAndTopOutliveTheData() {
        Position before = append("a", "m").position();
        expireHistories();
        assertThat(top("a")).isEqualTo(before);
        assertThat(page("a", before).publications()).isEmpty();
        assertThat(unservable("a", before.at(0)).reason()).isEqualTo(Gap.Reason.TRIMMED);
        assertThat(append("a", "next").position()).isEqualTo(before.at(2));
    }

    @Test
    void obligation6EverythingAfterTheAttachPositionIsAnnounced() {
        append("a", "before");
        List<Long> heard = new CopyOnWriteArrayList<>();
        Position attached = await(broker().attach("a", publication -> heard.add(publication.offset())));
        assertThat(attached.offset()).isEqualTo(1);
        append("a", "after");
        Awaitility.await().untilAsserted(() -> assertThat(heard).contains(2L));
    }

    @Test
    void obligation6AttachingTwiceCountsOnceAndDetachingEndsIt() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        List<Long> witness = new CopyOnWriteArrayList<>();
        Broker.Listener listener = publication -> heard.add(publication.offset());
        await(broker().attach("a", listener));
        await(broker().attach("a", listener));
        await(broker().attach("a", publication -> witness.add(publication.offset())));
        append("a", "m1");
        Awaitility.await().untilAsserted(() -> assertThat(witness).containsExactly(1L));
        assertThat(heard).containsExactly(1L);
        broker().detach("a", listener);
        append("a", "m2");
        Awaitility.await().untilAsserted(() -> assertThat(witness).containsExactly(1L, 2L));
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void obligation8HistoryIsBoundedBySize() {
        for (int i = 1; i <= HISTORY_SIZE * 3; i++) {
            append("a", "m" + i);
        }
        Position top = top("a");
        assertThat(unservable("a", top.at(0)).resumeAt().offset()).isEqualTo(HISTORY_SIZE * 2L);
    }

    @Test
    void topsOfChannelsThatWereNeverUsedAreAtZero() {
        append("a", "m");
        var tops = await(broker().tops(List.of("a", "never")));
        assertThat(tops.get("a").offset()).isEqualTo(1);
        assertThat(tops.get("never").offset()).isZero();
        assertThat(page("never", tops.get("never")).publications()).isEmpty();
    }

    protected final Accepted append(String channel, String messageId) {
        return await(broker().append(draft(channel, messageId)));
    }

    protected final Position top(String channel) {
        return await(broker().tops(List.of(channel))).get(channel);
    }

    protected final ReadResult.Page page(String channel, Position after) {
        return page(channel, after, 1000);
    }

    protected final ReadResult.Unservable unservable(String channel, Position after) {
        ReadResult result = await(broker().read(channel, after, 1000));
        assertThat(result).isInstanceOf(ReadResult.Unservable.class);
        return (ReadResult.Unservable) result;
    }

    protected static Draft draft(String channel, String messageId) {
        return new Draft(channel, data(), messageId, Draft.Identity.PUBLISHER, null);
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private ReadResult.Page page(String channel, Position after, int limit) {
        ReadResult result = await(broker().read(channel, after, limit));
        assertThat(result).isInstanceOf(ReadResult.Page.class);
        return (ReadResult.Page) result;
    }

    private static byte[] data() {
        return "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
    }
}
