package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.testing.TcpProxy;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lease of one node, renewed by hand; what it sweeps goes through a proxy, and so can be held. */
class LeaseIT {
    private static final String CHANNEL = ChannelName.presence("a");
    private static final String LEASES = "test:{presence}:leases";
    private static final String LAPSED = "test:{presence}:lapsed";

    /** So long that a link outlives what is held in the proxy. */
    private static final long DEADLINE_MS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private RedisServer server;
    private TcpProxy proxy;
    private Lease lease;
    private Roster roster;

    @BeforeEach
    void open() {
        server = RedisServer.builder().appendOnly().start();
        proxy = TcpProxy.to(server.port());
        on(() -> {
            Keys keys = new Keys("test");
            ChannelRule rule =
                    new ChannelRule(new ChannelRule.History(100, 1 << 20, 300_000), ChannelRule.SlowConsumer.RELIABLE);
            RedisSettings own = TestSettings.of(server.port(), DEADLINE_MS);
            LogArguments log = new LogArguments(own, new ChannelRules(List.of(), rule), new Epochs("node"));
            Links links = links(own);
            Links held = links(TestSettings.of(proxy.port(), DEADLINE_MS));
            lease = new Lease(links, own, new Sweep(held, keys, log), () -> roster.enterAgain());
            roster = new Roster(links, keys, log, lease);
            return held.call(Lease.TAG, Future::succeededFuture);
        });
        on(lease::renew);
    }

    @AfterEach
    void close() throws TimeoutException {
        proxy.close();
        vertx.close().await(10, TimeUnit.SECONDS);
        server.close();
    }

    private Links links(RedisSettings settings) {
        Links[] links = new Links[1];
        links[0] = new Links(vertx, settings, new Epochs("node"), new LinksOnly(links), () -> {});
        links[0].open();
        return links[0];
    }

    private <T> T on(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(there -> work.get().onComplete(done));
        try {
            return done.future().await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private String ofHash(String key, String field) {
        return String.valueOf(server.cli("HGET", key, field));
    }

    /** What nodes that are left do when they find that a lease has lapsed. */
    private void lapse(String name) {
        server.cli("HDEL", LEASES, name);
        server.cli("HSET", LAPSED, name, "0");
    }

    @Test
    void membersComeBackWhenTheLeaseWasLostDuringASweep() {
        on(() -> roster.enter(CHANNEL, new Visit("ann", 1), "1"));
        String first = lease.current();
        lapse("dead.1");
        proxy.blackhole();
        on(lease::renew);
        lapse(first);
        proxy.heal();
        Awaitility.await("the member belongs to another lease")
                .until(() -> ofHash("test:{" + CHANNEL + "}:members", "ann").contains(" node.2 "));
        on(lease::renew);
        Awaitility.await("the first lease is swept too").until(() -> (Long) server.cli("HLEN", LAPSED) == 0);
        assertThat(ofHash("test:{" + CHANNEL + "}:members", "ann")).isEqualTo("1 node.2 1");
    }

    @Test
    void whoIsBusyWithALapsedLeaseLeavesTheNextToOthers() {
        lapse("dead.1");
        proxy.blackhole();
        on(lease::renew);
        lapse("dead.2");
        on(lease::renew);
        assertThat(ofHash(LAPSED, "dead.2")).isEqualTo("0");
        proxy.heal();
        Awaitility.await("both are swept").until(() -> (Long) server.cli("HLEN", LAPSED) == 0);
    }

    @Test
    void nobodyIsRemovedWhenRedisWasAwayForAll() {
        String own = lease.current();
        // As Redis has it when it goes on after longer than a lease.
        server.cli("HSET", LEASES, own, "1", "other.1", "1");
        on(lease::renew);
        assertThat(lease.current()).isEqualTo(own);
        assertThat(ofHash(LEASES, own)).isNotEqualTo("1");
        assertThat(ofHash(LEASES, "other.1")).as("it has time to come back").isEqualTo("1");
        on(lease::renew);
        Awaitility.await("who has not come back is removed")
                .until(() -> (Long) server.cli("HLEN", LAPSED) == 0 && (Long) server.cli("HLEN", LEASES) == 1);
    }

    @Test
    void whoMayHaveLostItsOwnLeaseTakesNoOther() {
        String first = lease.current();
        lapse("dead.1");
        server.restart();
        on(lease::renew);
        assertThat(lease.current()).isNotEqualTo(first);
        assertThat(ofHash(LAPSED, "dead.1")).isEqualTo("0");
    }

    @Test
    void aLeaseThatEndsIsNotRenewed() {
        on(lease::end);
        String end = ofHash(LEASES, lease.current());
        on(lease::renew);
        assertThat(ofHash(LEASES, lease.current())).isEqualTo(end);
    }

    @Test
    void whatARenewalIsRefusedForIsToldUntilItPasses() {
        server.cli("CONFIG", "SET", "maxmemory", "1");
        on(() -> lease.renew().otherwiseEmpty());
        assertThat(lease.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("Redis is full"));
        server.cli("CONFIG", "SET", "maxmemory", "0");
        on(lease::renew);
        assertThat(lease.problem()).isEmpty();
    }

    /** Nothing but the links themselves hears what happens to them. */
    private record LinksOnly(Links[] links) implements RedisLink.Events {
        @Override
        public void message(String channel, byte[] payload) {}

        @Override
        public void subscribed(RedisLink link, String channel) {}

        @Override
        public void slotsMoved(RedisLink link) {}

        @Override
        public void emptied(RedisLink link) {}

        @Override
        public void lost(RedisLink link, String reason) {
            links[0].lost(link, reason);
        }
    }
}
