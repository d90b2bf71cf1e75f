package io.broadcastsocket.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.stats.WorkerStats;
import io.broadcastsocket.testing.FakeLoop;
import io.broadcastsocket.testing.FakeOutlet;
import io.broadcastsocket.testing.ManualClock;
import io.broadcastsocket.testing.Publications;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Offsets of two epochs never mix, whatever a subscriber was doing when the epoch changed. */
class EpochChangeTest {
    /** A log of one channel that is replaced as a whole. */
    private static final class ReplacedLog implements Broker {
        String epoch = "e1";
        List<Publication> publications = new ArrayList<>();
        Listener listener;

        void publish(int count) {
            for (int i = 0; i < count; i++) {
                publications.add(Publications.at("a", epoch, publications.size() + 1));
                listener.announced(publications.get(publications.size() - 1));
            }
        }

        void replace(int count) {
            epoch = "e2";
            publications = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                publications.add(Publications.at("a", epoch, i));
            }
        }

        Position top() {
            return new Position(epoch, publications.size());
        }

        @Override
        public Future<Accepted> append(Draft draft) {
            throw new UnsupportedOperationException("append");
        }

        @Override
        public Future<ReadResult> read(String channel, Position after, int limit) {
            if (!after.sameEpoch(top())) {
                return Future.succeededFuture(new ReadResult.Unservable(Gap.Reason.EPOCH, top(), top()));
            }
            int from = (int) after.offset();
            int to = Math.min(publications.size(), from + limit);
            return Future.succeededFuture(new ReadResult.Page(publications.subList(from, to), top()));
        }

        @Override
        public Future<Map<String, Position>> tops(Collection<String> channels) {
            return Future.succeededFuture(Map.of("a", top()));
        }

        @Override
        public Future<Position> attach(String channel, Listener added) {
            listener = added;
            return Future.succeededFuture(top());
        }

        @Override
        public BrokerStatus status() {
            return new BrokerStatus("scripted", java.util.Optional.empty(), Map.of());
        }

        @Override
        public void detach(String channel, Listener removed) {
            listener = null;
        }
    }

    private static final ChannelRules RULES = new ChannelRules(
            List.of(),
            new ChannelRule(new ChannelRule.History(1000, 1 << 20, 1 << 30), ChannelRule.SlowConsumer.RELIABLE));

    private final FakeLoop loop = new FakeLoop();
    private final ReplacedLog log = new ReplacedLog();
    private final HubShard shard = new HubShard(
            log,
            this::announced,
            RULES,
            new HubLimits(4096, 64 * 1024, 5000),
            loop,
            new ManualClock(),
            new WorkerStats());
    private final FakeOutlet outlet = new FakeOutlet("me");
    private final Subscriber subscriber = shard.register(outlet);

    @Test
    void whoIsBeyondTheTailWhenTheEpochChangesGetsTheGapFirst() {
        open(subscriber);
        outlet.setWritable(false);
        // Passes in between, so that the tail lets go of what came first.
        for (int i = 0; i < 30; i++) {
            log.publish(10);
            loop.run();
        }
        outlet.setWritable(true);
        log.replace(400);
        shard.audit();
        loop.run();
        assertThat(outlet.received()).containsExactly("gap a:1-0 epoch");
    }

    @Test
    void whatTheTailHasIsWrittenBeforeTheGap() {
        open(subscriber);
        log.publish(2);
        log.replace(7);
        shard.audit();
        loop.run();
        assertThat(outlet.received()).containsExactly("a:1", "a:2", "gap a:3-2 epoch");
    }

    @Test
    void aGapThatMayNotHaveArrivedIsStillToBeTold() {
        open(subscriber);
        log.publish(2);
        loop.run();
        confirm();
        subscriber.pinged();
        Position certain = cursor().confirmed();
        log.replace(7);
        shard.audit();
        loop.run();
        subscriber.ponged();
        assertThat(cursor())
                .as("the ping was sent before the gap")
                .isEqualTo(new SessionSnapshot.Cursor(certain, SessionSnapshot.Cursor.UNKNOWN));
        confirm();
        assertThat(cursor().confirmed().sameEpoch(certain)).isFalse();
    }

    @Test
    void aGapAtTheBeginningIsStillToBeToldUntilItHasArrived() {
        log.replace(7);
        Position certain = new Position("another", 3);
        shard.join(subscriber, "a", new Start.Since(certain)).onSuccess(shard::open);
        loop.run();
        assertThat(cursor().confirmed()).isEqualTo(certain);
        confirm();
        assertThat(cursor().confirmed().sameEpoch(certain)).isFalse();
    }

    private SessionSnapshot.Cursor cursor() {
        return subscriber.snapshot().get("a");
    }

    private void confirm() {
        subscriber.pinged();
        subscriber.ponged();
    }

    private void open(Subscriber joining) {
        shard.join(joining, "a", new Start.Live()).onSuccess(joined -> {
            assertThat(joined.gap()).isEqualTo(Optional.empty());
            shard.open(joined);
        });
        loop.run();
    }

    private void announced(Publication publication) {
        shard.announced(publication);
    }
}
