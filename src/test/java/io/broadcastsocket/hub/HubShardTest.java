package io.broadcastsocket.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.broker.memory.MemoryLimits;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.stats.WorkerStats;
import io.broadcastsocket.testing.FakeLoop;
import io.broadcastsocket.testing.FakeOutlet;
import io.broadcastsocket.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubShardTest {
    private static final int HISTORY_SIZE = 20;
    private static final long STALLED_MS = 5000;
    private static final ChannelRule.History HISTORY = new ChannelRule.History(HISTORY_SIZE, 1 << 20, 1 << 30);
    private static final ChannelRules RULES = new ChannelRules(
            List.of(
                    new ChannelRules.Entry("latest", new ChannelRule(HISTORY, SlowConsumer.LATEST)),
                    new ChannelRules.Entry("drop", new ChannelRule(HISTORY, SlowConsumer.DROP))),
            new ChannelRule(HISTORY, SlowConsumer.RELIABLE));

    private final ManualClock clock = new ManualClock();
    private final FakeLoop loop = new FakeLoop();
    private final WorkerStats stats = new WorkerStats();
    private final MemoryBroker broker =
            new MemoryBroker(RULES, new MemoryLimits(1 << 30, 1000, 1 << 30, 1 << 30), clock, "log");
    private final HubShard shard = new HubShard(
            broker,
            publication -> announce(publication),
            RULES,
            new HubLimits(4096, 64 * 1024, STALLED_MS),
            loop,
            clock,
            stats);
    private final FakeOutlet outlet = new FakeOutlet("me");
    private final Subscriber subscriber = shard.register(outlet);
    private boolean losing;

    @Test
    void whatComesInBeforeAPassLeavesInOneWriteAndOneFlush() {
        subscribe("a");
        publish("a", 5);
        loop.run();
        assertThat(outlet.received()).containsExactly("a:1", "a:2", "a:3", "a:4", "a:5");
        assertThat(outlet.writes()).isEqualTo(1);
        assertThat(outlet.flushes()).isEqualTo(1);
    }

    @Test
    void aSocketThatSeveralChannelsWriteToIsFlushedOnce() {
        subscribe("a");
        subscribe("b");
        publish("a", 1);
        publish("b", 1);
        loop.run();
        assertThat(outlet.received()).containsExactlyInAnyOrder("a:1", "b:1");
        assertThat(outlet.flushes()).isEqualTo(1);
    }

    @Test
    void aFullSocketIsSkippedAndGoesOnFromTheTail() {
        subscribe("a");
        FakeOutlet other = subscribeAnother("a");
        outlet.setWritable(false);
        publish("a", 3);
        loop.run();
        assertThat(outlet.received()).isEmpty();
        assertThat(other.received()).hasSize(3);
        writableAgain();
        assertThat(outlet.received()).containsExactly("a:1", "a:2", "a:3");
        assertThat(stats.logReads.sum()).isZero();
    }

    @Test
    void beyondTheTailItGoesOnFromTheHistory() {
        subscribe("a");
        outlet.setWritable(false);
        for (int i = 0; i < HISTORY_SIZE; i++) {
            publish("a", 1, "x".repeat(1000));
            loop.run();
        }
        writableAgain();
        assertThat(outlet.received()).hasSize(HISTORY_SIZE).startsWith("a:1").endsWith("a:" + HISTORY_SIZE);
        assertThat(stats.logReads.sum()).isPositive();
    }

    @Test
    void beyondTheHistoryItGetsAGap() {
        subscribe("a");
        outlet.setWritable(false);
        for (int i = 0; i < HISTORY_SIZE + 7; i++) {
            publish("a", 1, "x".repeat(1000));
            loop.run();
        }
        writableAgain();
        assertThat(outlet.received()).startsWith("gap a:1-7 trimmed", "a:8").hasSize(HISTORY_SIZE + 1);
        assertThat(stats.gaps.sum()).isEqualTo(1);
    }

    @Test
    void theRuleLatestSkipsToTheNewest() {
        assertThat(receivedAfterStall("latest")).containsExactly("gap latest:1-4 skipped", "latest:5");
    }

    @Test
    void theRuleDropSkipsAll() {
        assertThat(receivedAfterStall("drop")).containsExactly("gap drop:1-5 skipped");
        publish("drop", 1);
        loop.run();
        assertThat(outlet.received()).endsWith("drop:6");
    }

    @Test
    void aPublicationIsWithheldFromItsSenderOnly() {
        subscribe("a");
        FakeOutlet other = subscribeAnother("a");
        publish("a", 1);
        broker.append(new Draft("a", data("x"), "mine", Draft.Identity.PUBLISHER, "me"));
        publish("a", 1);
        loop.run();
        assertThat(outlet.received()).containsExactly("a:1", "a:3");
        assertThat(other.received()).containsExactly("a:1", "a:2", "a:3");
    }

    @Test
    void aLostAnnouncementIsFilledWhenTheNextComes() {
        subscribe("a");
        losing = true;
        publish("a", 2);
        losing = false;
        publish("a", 1);
        loop.run();
        assertThat(outlet.received()).containsExactly("a:1", "a:2", "a:3");
    }

    @Test
    void aLostAnnouncementIsNoticedByAuditsWhenNothingFollows() {
        subscribe("a");
        losing = true;
        publish("a", 1);
        shard.audit();
        loop.run();
        assertThat(outlet.received()).as("it may still be on its way").isEmpty();
        shard.audit();
        loop.run();
        assertThat(outlet.received()).containsExactly("a:1");
    }

    @Test
    void aSubscriptionSinceAPositionGetsWhatCameAfterIt() {
        Position first = append("a").at(1);
        publish("a", 2);
        Joined joined = join("a", new Start.Since(first));
        assertThat(joined.recovered()).isTrue();
        shard.open(joined);
        loop.run();
        assertThat(outlet.received()).containsExactly("a:2", "a:3");
    }

    @Test
    void aSubscriptionSinceAnotherEpochIsNotRecovered() {
        append("a");
        Joined joined = join("a", new Start.Since(new Position("other", 1)));
        assertThat(joined.recovered()).isFalse();
        shard.open(joined);
        loop.run();
        assertThat(outlet.received()).containsExactly("gap a:2-1 epoch", "a:1");
    }

    @Test
    void theLastOfAChannelAreDeliveredFirst() {
        for (int i = 0; i < 5; i++) {
            append("a");
        }
        shard.open(join("a", new Start.Last(2)));
        publish("a", 1);
        loop.run();
        assertThat(outlet.received()).containsExactly("a:4", "a:5", "a:6");
    }

    @Test
    void whoTakesNothingForTooLongIsClosed() {
        subscribe("a");
        outlet.setWritable(false);
        publish("a", 1);
        loop.run();
        clock.advance(STALLED_MS);
        shard.audit();
        assertThat(outlet.wasTooSlow()).isFalse();
        clock.advance(1);
        shard.audit();
        assertThat(outlet.wasTooSlow()).isTrue();
        assertThat(stats.slowConsumers.sum()).isEqualTo(1);
    }

    @Test
    void whoDoesNotTakeRepliesIsClosedTooAndWhoTakesThemAgainStays() {
        shard.stalled(subscriber);
        outlet.setWritable(true);
        shard.writable(subscriber);
        loop.run();
        clock.advance(STALLED_MS + 1);
        shard.audit();
        assertThat(outlet.wasTooSlow()).isFalse();
        shard.stalled(subscriber);
        clock.advance(STALLED_MS + 1);
        shard.audit();
        assertThat(outlet.wasTooSlow()).isTrue();
    }

    @Test
    void anUnsubscribedChannelIsForgottenAndNothingMoreComes() {
        subscribe("a");
        shard.leave(subscriber.find("a"));
        publish("a", 1);
        loop.run();
        assertThat(outlet.received()).isEmpty();
        assertThat(shard.subscribersByChannel()).isEmpty();
        assertThat(stats.subscriptions.sum()).isZero();
    }

    @Test
    void manySubscriptionsAreFoundAndEnded() {
        for (int i = 0; i < 40; i++) {
            subscribe("c" + i);
        }
        assertThat(subscriber.find("c39")).isNotNull();
        shard.leave(subscriber.find("c20"));
        assertThat(subscriber.find("c20")).isNull();
        assertThat(subscriber.snapshot()).hasSize(39);
        shard.unregister(subscriber);
        assertThat(subscriber.size()).isZero();
        assertThat(shard.subscribersByChannel()).isEmpty();
    }

    @Test
    void aPongConfirmsOnlyWhatWasWrittenBeforeThePing() {
        subscribe("a");
        publish("a", 1);
        loop.run();
        subscriber.pinged();
        publish("a", 1);
        loop.run();
        subscriber.ponged();
        var cursor = subscriber.snapshot().get("a");
        assertThat(cursor.confirmed().offset()).isEqualTo(1);
        assertThat(cursor.written()).isEqualTo(2);
    }

    private List<String> receivedAfterStall(String channel) {
        subscribe(channel);
        outlet.setWritable(false);
        publish(channel, 5);
        loop.run();
        writableAgain();
        return List.copyOf(outlet.received());
    }

    private void writableAgain() {
        outlet.setWritable(true);
        shard.writable(subscriber);
        loop.run();
    }

    private void announce(io.broadcastsocket.model.Publication publication) {
        if (!losing) {
            loop.execute(() -> shard.announced(publication));
        }
    }

    private Joined join(String channel, Start start) {
        return shard.join(subscriber, channel, start).result();
    }

    private void subscribe(String channel) {
        shard.open(join(channel, new Start.Live()));
    }

    private FakeOutlet subscribeAnother(String channel) {
        FakeOutlet other = new FakeOutlet("other");
        shard.open(shard.join(shard.register(other), channel, new Start.Live()).result());
        return other;
    }

    private void publish(String channel, int count) {
        publish(channel, count, "x");
    }

    private void publish(String channel, int count, String text) {
        for (int i = 0; i < count; i++) {
            broker.append(new Draft(channel, data(text), "m", Draft.Identity.SERVER, null));
        }
    }

    private Position append(String channel) {
        return broker.append(new Draft(channel, data("x"), "m", Draft.Identity.SERVER, null))
                .result()
                .position();
    }

    private static byte[] data(String text) {
        return ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8);
    }
}
