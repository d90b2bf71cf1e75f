package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChannelLogTest {
    private static final LogRule RULE = new LogRule(5, 1 << 20, 1000, 2000, 100, 10_000);

    private final ChannelLog log = new ChannelLog("e1");
    private long batches;

    @Test
    void aBatchGetsOffsetsInItsOrder() {
        append("a", "b");
        append("c");
        assertThat(ids(read(log, 0))).containsExactly("a", "b", "c");
        assertThat(log.top()).isEqualTo(new Position("e1", 3));
    }

    @Test
    void aBatchThatComesAgainIsKnownAndHasItsOutcome() {
        Batch batch = batch("a", "b");
        Appended first = log.append(batch, new Terms(RULE, 10, "", "e1"));
        assertThat(log.knows(batch)).isTrue();
        assertThat(log.outcome(batch)).isSameAs(first);
        assertThat(log.knows(new Batch("other", batch.number(), batch.items()))).isFalse();
    }

    @Test
    void aBatchThatWasGivenUpIsNotTakenAfterALaterOne() {
        Batch late = batch("a");
        append("b");
        assertThat(log.knows(late)).isTrue();
        assertThatThrownBy(() -> log.outcome(late)).isInstanceOf(NotServing.class);
    }

    @Test
    void aRepeatedIdGetsTheFirstOffset() {
        append("a", "b");
        Appended again = append("b", "c");
        assertThat(again.isDuplicate(0)).isTrue();
        assertThat(again.position(0).offset()).isEqualTo(2);
        assertThat(again.isDuplicate(1)).isFalse();
        assertThat(again.position(1).offset()).isEqualTo(3);
    }

    @Test
    void anIdIsForgottenAfterItsTime() {
        log.append(batch("a"), new Terms(RULE, 0, "", "e1"));
        assertThat(log.append(batch("a"), new Terms(RULE, 2001, "", "e1")).isDuplicate(0))
                .isFalse();
    }

    @Test
    void onlyAPublishersOwnIdIsRemembered() {
        Batch.Item made = new Batch.Item("m", Draft.Identity.SERVER, null, data("1"));
        log.append(new Batch("node", ++batches, List.of(made)), new Terms(RULE, 0, "", "e1"));
        assertThat(log.append(new Batch("node", ++batches, List.of(made)), new Terms(RULE, 0, "", "e1"))
                        .isDuplicate(0))
                .isFalse();
    }

    @Test
    void theOldestAreTrimmedByNumberAndByAge() {
        append("a", "b", "c", "d", "e", "f", "g");
        assertThat(ids(read(log, 2))).containsExactly("c", "d", "e", "f", "g");
        ReadResult.Unservable trimmed = unservable(read(log, 1));
        assertThat(trimmed.reason()).isEqualTo(Gap.Reason.TRIMMED);
        assertThat(trimmed.resumeAt().offset()).isEqualTo(2);
        assertThat(unservable(log.read(new Position("e1", 2), 10, 1000, 5000).result("c"))
                        .resumeAt())
                .isEqualTo(log.top());
    }

    @Test
    void aPageIsBoundedByNumberAndBytes() {
        append("a", "b", "c");
        assertThat(ids(log.read(new Position("e1", 0), 2, 1 << 20, 10).result("c")))
                .hasSize(2);
        assertThat(ids(log.read(new Position("e1", 0), 10, 1, 10).result("c"))).hasSize(1);
    }

    @Test
    void whoeverMayNotBeAloneGoesOnInAnEpochOfItsOwn() {
        append("a", "b");
        String underOne = log.epochUnder("one", "e2");
        assertThat(underOne).isEqualTo("e2");
        log.append(batch("c"), new Terms(RULE, 10, "one", underOne));
        assertThat(log.top()).isEqualTo(new Position("e2", 3));
        assertThat(log.epochUnder("one", "e3")).isEqualTo("e2");
        assertThat(log.epochUnder("", "e3")).isEqualTo("e2");
        assertThat(log.epochUnder("other", "e3")).isEqualTo("e3");
    }

    @Test
    void whoComesFromTheEpochBeforeGetsAGapAndWhatSurvived() {
        append("a", "b");
        log.append(batch("c"), new Terms(RULE, 10, "one", "e2"));
        ReadResult.Unservable before =
                unservable(log.read(new Position("e1", 1), 10, 1000, 10).result("c"));
        assertThat(before.reason()).isEqualTo(Gap.Reason.EPOCH);
        assertThat(before.resumeAt()).isEqualTo(new Position("e2", 1));
        // Beyond what survived, the offsets of the other side mean something else.
        assertThat(unservable(log.read(new Position("e1", 7), 10, 1000, 10).result("c"))
                        .resumeAt())
                .isEqualTo(new Position("e2", 2));
    }

    @Test
    void whatWasKeptWhileOthersMayHaveGoneOnIsThePastUntilAnotherEpochBegins() {
        Member one = FakeMember.at(1);
        AtomicReference<Set<Member>> present = new AtomicReference<>(Set.of(one, FakeMember.at(2)));
        Map<String, Object> context = new ConcurrentHashMap<>(Map.of(Lapses.KEY, new Lapses(present::get, 2)));
        HazelcastInstance member = (HazelcastInstance) Proxy.newProxyInstance(
                HazelcastInstance.class.getClassLoader(),
                new Class<?>[] {HazelcastInstance.class},
                (proxy, method, args) -> context);
        append("a");
        log.setHazelcastInstance(member);
        assertThat(log.isPast()).isFalse();
        present.set(Set.of(one, FakeMember.at(2)));
        assertThat(log.isPast()).isTrue();
        assertThat(Serialized.copy(log).isPast()).as("on whatever member").isTrue();
        assertThat(log.epochUnder("", "e2")).isEqualTo("e2");
        log.append(batch("b"), new Terms(RULE, 10, "", "e2"));
        assertThat(log.isPast()).isFalse();
        assertThat(log.top()).isEqualTo(new Position("e2", 2));
        assertThat(Serialized.copy(log).isPast()).isFalse();
    }

    @Test
    void aLogThatMovesToAnotherMemberIsTheSame() {
        Batch last = batch("c");
        append("a", "b");
        log.append(new Batch("node", ++batches, last.items()), new Terms(RULE, 10, "one", "e2"));
        ChannelLog moved = Serialized.copy(log);
        assertThat(moved.top()).isEqualTo(log.top());
        assertThat(ids(moved.read(log.top().at(0), 10, 1000, 10).result("c"))).containsExactly("a", "b", "c");
        assertThat(moved.epochUnder("one", "e9")).isEqualTo("e2");
        assertThat(moved.knows(new Batch("node", batches, last.items()))).isTrue();
        assertThat(moved.append(new Batch("other", 1, last.items()), new Terms(RULE, 10, "one", "e2"))
                        .isDuplicate(0))
                .isTrue();
        assertThat(moved.timeAt(0)).isEqualTo(10);
    }

    @Test
    void timeDoesNotGoBackWhenTheOwnersClockDoes() {
        log.append(batch("a"), new Terms(RULE, 5000, "", "e1"));
        assertThat(log.timeAt(4000)).isEqualTo(5000);
        assertThat(log.timeAt(6000)).isEqualTo(6000);
    }

    private Appended append(String... ids) {
        return log.append(batch(ids), new Terms(RULE, 10, "", "e1"));
    }

    private Batch batch(String... ids) {
        return new Batch(
                "node",
                ++batches,
                Stream.of(ids)
                        .map(id -> new Batch.Item(id, Draft.Identity.PUBLISHER, null, data("\"" + id + "\"")))
                        .toList());
    }

    private static byte[] data(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static ReadResult read(ChannelLog log, long after) {
        return log.read(log.top().at(after), 10, 1 << 20, 10).result("c");
    }

    private static List<String> ids(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Page.class);
        List<Publication> page = ((ReadResult.Page) result).publications();
        if (!page.isEmpty()) {
            long first = page.get(0).offset();
            assertThat(page.stream().map(Publication::offset).toList())
                    .isEqualTo(
                            LongStream.range(first, first + page.size()).boxed().toList());
        }
        return page.stream().map(Publication::messageId).toList();
    }

    private static ReadResult.Unservable unservable(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Unservable.class);
        return (ReadResult.Unservable) result;
    }
}
