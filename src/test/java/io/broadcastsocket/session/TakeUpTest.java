package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.broker.memory.MemoryLimits;
import io.broadcastsocket.broker.memory.MemoryPresenceStore;
import io.broadcastsocket.broker.memory.MemorySessionStore;
import io.broadcastsocket.hub.HubLimits;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.stats.WorkerStats;
import io.broadcastsocket.testing.FakeLoop;
import io.broadcastsocket.testing.ManualClock;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an earlier connection has left is taken up as a whole, or stays. */
class TakeUpTest {
    private static final ChannelRules RULES = new ChannelRules(
            List.of(),
            new ChannelRule(new ChannelRule.History(100, 1 << 20, 60_000), ChannelRule.SlowConsumer.RELIABLE));

    private final ManualClock clock = new ManualClock();
    private final WorkerStats stats = new WorkerStats();
    private final HeldBroker broker =
            new HeldBroker(new MemoryBroker(RULES, new MemoryLimits(1 << 30, 1000, 1 << 30, 1 << 30), clock, "log"));
    private final MemorySessionStore store = new MemorySessionStore(60_000, 100, clock);
    private final SessionDirectory directory = new SessionDirectory(store, null, worker -> "", 0, 1);
    private final HubShard shard = new HubShard(
            broker, publication -> {}, RULES, new HubLimits(4096, 64 * 1024, 60_000), new FakeLoop(), clock, stats);
    private final MemoryPresenceStore presence = new MemoryPresenceStore(broker);
    private final SessionServices services = new SessionServices(
            "node",
            shard,
            broker,
            presence,
            new Attendance(presence, new Lingering(presence, 1000, clock), new RateLimit(0, 1), clock, stats),
            directory,
            new SessionLimits(10, 65_536, 10_000, 1000, 60_000, 1024),
            new RateLimit(0, 1),
            new AddressLimiter(new RateLimit(0, 1), clock),
            new Ids(new Random(1)),
            clock,
            stats);

    private String token;

    @BeforeEach
    void leaveASession() {
        FakePeer first = connect();
        first.say("{\"type\":\"subscribe\",\"channel\":\"news\",\"info\":1,\"messageId\":\"1\"}");
        first.say("{\"type\":\"subscribe\",\"channel\":\"other\",\"messageId\":\"2\"}");
        token = first.session().token();
        first.close(CloseCode.HEARTBEAT_TIMEOUT);
    }

    @Test
    void aConnectionThatEndsWhileItOpensLeavesItAsItWas() {
        broker.hold("news");
        FakePeer next = new FakePeer(services, Optional.of(token));
        assertThat(next.told()).isEmpty();
        next.session().closed();
        broker.release("news");
        assertLeft();
    }

    @Test
    void aConnectionThatEndsWhileItResumesLeavesItBesideItsOwn() {
        FakePeer next = connect();
        next.say("{\"type\":\"subscribe\",\"channel\":\"own\",\"messageId\":\"1\"}");
        broker.hold("news");
        resume(next);
        next.session().closed();
        broker.release("news");
        assertLeft("own");
    }

    @Test
    void aConnectionThatIsTakenOverWhileItResumesGivesAllAway() {
        FakePeer next = connect();
        broker.hold("news");
        resume(next);
        SessionSnapshot given = directory.takeOver(token, () -> true).result().orElseThrow();
        assertThat(next.closed()).isEqualTo(CloseCode.SESSION_TAKEN_OVER);
        assertThat(given.cursors()).containsOnlyKeys("*", "news", "other");
        assertThat(given.members()).containsOnlyKeys("news");
    }

    @Test
    void aConnectionGivesItsSessionOnlyToWhoeverAsksForItsTurn() {
        FakePeer next = new FakePeer(services, Optional.of(token));
        assertThat(directory.surrender(new SessionTurn(token, 0))).isEmpty();
        assertThat(next.closed()).isNull();
        assertThat(directory.surrender(new SessionTurn(token, 1))).isPresent();
        assertThat(next.closed()).isEqualTo(CloseCode.SESSION_TAKEN_OVER);
    }

    @Test
    void aConnectionThatCannotHaveAllOfItWhenItOpensIsClosedAndLeavesIt() {
        broker.hold("news").fail(new BrokerUnavailable("away", 1, null));
        FakePeer next = new FakePeer(services, Optional.of(token));
        assertThat(next.closed()).isEqualTo(CloseCode.TRY_AGAIN_LATER);
        assertLeft();
    }

    @Test
    void aConnectionThatCannotHaveAllOfItWhenItResumesIsClosedAndLeavesIt() {
        FakePeer next = connect();
        broker.hold("news").fail(new BrokerUnavailable("away", 1, null));
        resume(next);
        assertThat(next.closed()).isEqualTo(CloseCode.TRY_AGAIN_LATER);
        assertLeft();
    }

    @Test
    void aFailureThatIsNoOutageIsNotPassedOver() {
        broker.hold("news").fail(new IllegalStateException("a mistake"));
        FakePeer next = new FakePeer(services, Optional.of(token));
        assertThat(next.closed()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertLeft();
    }

    @Test
    void whatWasTakenUpIsHadOnce() {
        FakePeer next = connect();
        resume(next);
        assertThat(next.last().getBoolean("resumed", true)).isTrue();
        next.say("{\"type\":\"unsubscribe\",\"channel\":\"news\",\"messageId\":\"u\"}");
        next.session().closed();
        SessionSnapshot left = store.take(token, () -> true).result().orElseThrow();
        assertThat(left.cursors()).containsOnlyKeys("*", "other");
        assertThat(left.members()).isEmpty();
    }

    private FakePeer connect() {
        return new FakePeer(services, Optional.empty());
    }

    private void resume(FakePeer peer) {
        peer.say(new JsonObject()
                .put("type", "resume")
                .put("session", token)
                .put("messageId", "r")
                .encode());
    }

    private void assertLeft(String... more) {
        SessionSnapshot left = store.take(token, () -> true).result().orElseThrow();
        List<String> channels = new ArrayList<>(List.of("*", "news", "other"));
        channels.addAll(List.of(more));
        assertThat(left.cursors()).containsOnlyKeys(channels);
        assertThat(left.members()).containsOnlyKeys("news");
    }
}
