package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.testing.Publications;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryPageTest {
    /** A log that gives the answers it was told, in order. */
    private static final class ScriptedLog implements Broker {
        final Queue<ReadResult> answers = new ArrayDeque<>();

        @Override
        public Future<Accepted> append(Draft draft) {
            throw new UnsupportedOperationException("append");
        }

        @Override
        public Future<ReadResult> read(String channel, Position after, int limit) {
            return Future.succeededFuture(answers.remove());
        }

        @Override
        public Future<Map<String, Position>> tops(Collection<String> channels) {
            return Future.succeededFuture(Map.of("a", at(9)));
        }

        @Override
        public Future<Position> attach(String channel, Listener listener) {
            throw new UnsupportedOperationException("attach");
        }

        @Override
        public BrokerStatus status() {
            return new BrokerStatus("scripted", java.util.Optional.empty(), Map.of());
        }

        @Override
        public void detach(String channel, Listener listener) {
            throw new UnsupportedOperationException("detach");
        }
    }

    private final ScriptedLog log = new ScriptedLog();

    @Test
    void whatFollowsAPositionHasNoGap() {
        log.answers.add(new ReadResult.Page(range(6, 9), at(9)));
        HistoryPage page = read(Optional.of(at(5)));
        assertThat(page.publications()).extracting(Publication::offset).containsExactly(6L, 7L, 8L, 9L);
        assertThat(page.gap()).isEmpty();
    }

    @Test
    void whatWasTrimmedIsAGapBeforeThePage() {
        log.answers.add(new ReadResult.Unservable(Gap.Reason.TRIMMED, at(5), at(9)));
        log.answers.add(new ReadResult.Page(range(6, 9), at(9)));
        assertThat(read(Optional.of(at(2))).gap()).contains(new Gap("a", 3, 5, Gap.Reason.TRIMMED, at(5)));
    }

    @Test
    void whatIsTrimmedWhileReadingBelongsToTheSameGap() {
        log.answers.add(new ReadResult.Unservable(Gap.Reason.TRIMMED, at(5), at(9)));
        log.answers.add(new ReadResult.Unservable(Gap.Reason.TRIMMED, at(7), at(9)));
        log.answers.add(new ReadResult.Page(range(8, 9), at(9)));
        assertThat(read(Optional.of(at(2))).gap()).contains(new Gap("a", 3, 7, Gap.Reason.TRIMMED, at(7)));
    }

    @Test
    void anEpochThatChangesAfterATrimIsAGapFromThePositionThatWasAskedFor() {
        Position other = new Position("f", 0);
        log.answers.add(new ReadResult.Unservable(Gap.Reason.TRIMMED, at(5), at(9)));
        log.answers.add(new ReadResult.Unservable(Gap.Reason.EPOCH, other, other));
        log.answers.add(new ReadResult.Page(List.of(), other));
        assertThat(read(Optional.of(at(2))).gap()).contains(new Gap("a", 3, 2, Gap.Reason.EPOCH, other));
    }

    @Test
    void whoAsksForTheOldestMissesNothing() {
        log.answers.add(new ReadResult.Unservable(Gap.Reason.TRIMMED, at(5), at(9)));
        log.answers.add(new ReadResult.Page(range(6, 9), at(9)));
        assertThat(read(Optional.empty()).gap()).isEmpty();
    }

    @Test
    void aPageEndsBeforeItGetsTooLargeButHasAtLeastOne() {
        String large = "\"" + "x".repeat(200_000) + "\"";
        List<Publication> publications = LongStream.rangeClosed(1, 3)
                .mapToObj(offset -> Publications.at("a", "e", offset, large, 0))
                .toList();
        log.answers.add(new ReadResult.Page(publications, at(3)));
        assertThat(read(Optional.of(at(0))).publications()).hasSize(1);
    }

    private HistoryPage read(Optional<Position> after) {
        return HistoryPage.read(log, "a", after, 100).result();
    }

    private static List<Publication> range(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(offset -> Publications.at("a", "e", offset))
                .toList();
    }

    private static Position at(long offset) {
        return new Position("e", offset);
    }
}
