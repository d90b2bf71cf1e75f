package io.broadcastsocket.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerContract;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.testing.ManualClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MemoryBrokerTest extends BrokerContract {
    private static final long HISTORY_MS = 1000;
    private static final long POSITION_MS = 10_000;

    private final ManualClock clock = new ManualClock();
    private int incarnation;
    private MemoryBroker broker = fresh(1 << 20);

    @Override
    protected Broker broker() {
        return broker;
    }

    @Override
    protected void loseEverything() {
        broker = fresh(1 << 20);
    }

    @Override
    protected void expireHistories() {
        clock.advance(HISTORY_MS + 1);
        broker.expire();
    }

    @Test
    void aUsedChannelIsForgottenAfterItsTimeAndComesBackInAnotherEpoch() {
        Position before = append("a", "m").position();
        clock.advance(POSITION_MS + 1);
        broker.expire();
        assertThat(channels()).isZero();
        Position after = append("a", "m").position();
        assertThat(after.offset()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
    }

    @Test
    void aChannelThatNobodyPublishedToIsForgottenAtOnceAndKeepsItsEpoch() {
        Broker.Listener listener = publication -> {};
        Position before = await(broker.attach("a", listener));
        broker.expire();
        assertThat(channels()).isEqualTo(1);
        broker.detach("a", listener);
        broker.expire();
        assertThat(channels()).isZero();
        assertThat(await(broker.attach("a", listener))).isEqualTo(before);
    }

    @Test
    void aChannelWithAListenerIsNeverForgotten() {
        await(broker.attach("a", publication -> {}));
        Position before = append("a", "m").position();
        clock.advance(POSITION_MS * 10);
        broker.expire();
        assertThat(append("a", "n").position()).isEqualTo(before.at(2));
    }

    @Test
    void anIdIsForgottenAfterTheWindow() {
        append("a", "same");
        clock.advance(499);
        assertThat(append("a", "same").duplicate()).isTrue();
        clock.advance(2);
        assertThat(append("a", "same").duplicate()).isFalse();
    }

    @Test
    void aReadNeverGivesWhatIsTooOldEvenBeforeItWasForgotten() {
        Position old = append("a", "m").position();
        clock.advance(HISTORY_MS + 1);
        append("a", "n");
        assertThat(unservable("a", old.at(0)).resumeAt().offset()).isEqualTo(1);
    }

    @Test
    void whenAllHistoriesTogetherAreTooLargeTheOldestGoFirst() {
        broker = fresh(700);
        append("old", "m");
        clock.advance(600);
        for (int i = 0; i < 8; i++) {
            append("young", "m" + i);
        }
        broker.expire();
        broker.expire();
        assertThat(unservable("old", top("old").at(0)).resumeAt()).isEqualTo(top("old"));
        assertThat(page("young", top("young").at(0)).publications()).hasSize(8);
    }

    @Test
    void listenersHearInOrderUnderConcurrentAppends() {
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        await(broker.attach("a", publication -> heard.add(publication.offset())));
        IntStream.range(0, 500).parallel().forEach(i -> append("a", "p" + i));
        assertThat(heard).isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
    }

    private MemoryBroker fresh(long historyBytes) {
        ChannelRule rule = new ChannelRule(
                new ChannelRule.History(HISTORY_SIZE, 1 << 20, HISTORY_MS), ChannelRule.SlowConsumer.RELIABLE);
        MemoryLimits limits = new MemoryLimits(500, 1000, POSITION_MS, historyBytes);
        return new MemoryBroker(new ChannelRules(List.of(), rule), limits, clock, "test" + ++incarnation);
    }

    private long channels() {
        return broker.status().counters().get("channels");
    }
}
