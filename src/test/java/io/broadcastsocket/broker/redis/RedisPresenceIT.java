package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.PresenceOverNodesContract;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.PresencePage.Member;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.testing.TcpProxy;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members in a real Redis; leases are short. */
class RedisPresenceIT extends PresenceOverNodesContract {
    private static final int HISTORY_SIZE = 10_000;

    /** A lease, a third of it until somebody looks, and a slow machine. */
    private static final Duration WITHIN = Duration.ofMillis(BridgeNode.LEASE_MS * 4 / 3 + 3000);

    private RedisServer server;
    private BridgeNode node;
    private BridgeNode other;

    @BeforeEach
    void open() {
        server = RedisServer.start();
        node = BridgeNode.open(server.url(), HISTORY_SIZE);
        other = BridgeNode.open(server.url(), HISTORY_SIZE);
    }

    @AfterEach
    void close() {
        node.close();
        other.close();
        server.close();
    }

    @Override
    protected PresenceStore store() {
        return node.presence();
    }

    @Override
    protected PresenceStore other() {
        return other.presence();
    }

    @Override
    protected Broker log() {
        return node.broker();
    }

    @Override
    protected Duration killOther() {
        other.close();
        return WITHIN;
    }

    @Override
    protected Duration stopOther() {
        other.handOver();
        other.close();
        return WITHIN;
    }

    @Override
    protected void loseEverything() {
        server.cli("FLUSHALL");
    }

    @Override
    protected void makeUnavailable() {
        server.pause();
    }

    @Test
    void aRestartThatLosesMembersBringsThemBack() {
        enter("a", "ann", 1, "1");
        server.restartEmpty();
        Awaitility.await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> assertThat(
                        members("a"))
                .containsExactly(new Member("ann", "1")));
    }

    @Test
    void manyNodesRemoveEachMemberOnce() {
        try (BridgeNode third = BridgeNode.open(server.url(), HISTORY_SIZE);
                BridgeNode fourth = BridgeNode.open(server.url(), HISTORY_SIZE)) {
            await(third.presence().page("a", "", 1));
            await(fourth.presence().page("a", "", 1));
            IntStream.range(0, 1000)
                    .mapToObj(i -> other().enter("a", new Visit("c" + i, 1), "1"))
                    .toList()
                    .forEach(PresenceOverNodesContract::await);
            killOther();
            Awaitility.await().atMost(WITHIN).untilAsserted(() -> assertThat(members("a"))
                    .isEmpty());
        }
        assertThat(told("a")).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void aNodeThatWasCutOffEntersItsMembersAgain() {
        try (TcpProxy proxy = TcpProxy.to(server.port());
                BridgeNode cut = BridgeNode.open(server.url().replace(":" + server.port(), ":" + proxy.port()), 10)) {
            await(cut.presence().enter("a", new Visit("ann", 1), "1"));
            proxy.blackhole();
            Awaitility.await().atMost(WITHIN).untilAsserted(() -> assertThat(members("a"))
                    .isEmpty());
            proxy.heal();
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(members("a"))
                    .containsExactly(new Member("ann", "1")));
        }
        assertThat(told("a")).containsExactly("join ann 1", "leave ann 1", "join ann 1");
    }

    @Test
    void aMemberThatCouldNotLeaveIsFoundWhenItsNodeDies() {
        await(other().enter("a", new Visit("ann", 1), "1"));
        server.cli("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> await(other().leave("a", new Visit("ann", 1))))
                .hasCauseInstanceOf(BrokerUnavailable.class);
        server.cli("CONFIG", "SET", "maxmemory", "0");
        // The node looks after its channels each time that it renews its lease.
        awaitRenewal(other);
        awaitRenewal(other);
        assertThat(members("a")).containsExactly(new Member("ann", "1"));
        killOther();
        Awaitility.await().atMost(WITHIN).untilAsserted(() -> assertThat(members("a"))
                .isEmpty());
    }

    @Test
    void aMemberThatLeavesAtLastIsForgotten() {
        enter("a", "ann", 1, "1");
        server.cli("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> leave("a", "ann", 1)).hasCauseInstanceOf(BrokerUnavailable.class);
        server.cli("CONFIG", "SET", "maxmemory", "0");
        assertThat(leave("a", "ann", 1)).isTrue();
        Awaitility.await("the lease knows of no members")
                .until(() -> keys().stream().noneMatch(key -> key.contains(":channels:")));
    }

    @Test
    void manyWhoWantAPageShareAFewReads() {
        enter("a", "ann", 1, "1");
        long before = server.calls("zrangebylex");
        server.pause();
        List<Future<PresencePage>> pages = IntStream.range(0, 1000)
                .mapToObj(i -> store().page("a", "", 100))
                .toList();
        node.awaitArrival();
        server.resume();
        assertThat(pages).allSatisfy(page -> assertThat(await(page).members()).containsExactly(new Member("ann", "1")));
        // One, the next, and one again if the pause has cost the link.
        assertThat(server.calls("zrangebylex") - before).isBetween(2L, 3L);
    }

    @Test
    void aPageThatIsSharedShowsWhatWasDoneBeforeItWasAskedFor() {
        try (TcpProxy proxy = TcpProxy.to(server.port());
                BridgeNode far = BridgeNode.open(server.url().replace(":" + server.port(), ":" + proxy.port()), 10)) {
            await(far.presence().page("a", "", 100));
            long before = server.calls("zrangebylex");
            proxy.blackholeToClient();
            Future<PresencePage> earlier = far.presence().page("a", "", 100);
            Awaitility.await("Redis has read the page").until(() -> server.calls("zrangebylex") > before);
            enter("a", "ann", 1, "1");
            Future<PresencePage> later = far.presence().page("a", "", 100);
            far.awaitArrival();
            proxy.heal();
            assertThat(await(later).members()).containsExactly(new Member("ann", "1"));
            await(earlier);
        }
    }

    private void awaitRenewal(BridgeNode of) {
        long before = leaseEnd(of);
        Awaitility.await("the lease is renewed").until(() -> leaseEnd(of) > before);
    }

    private long leaseEnd(BridgeNode of) {
        return leases().entrySet().stream()
                .filter(lease -> lease.getKey().startsWith(of.id() + "."))
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    /** When each lease ends, by Redis's clock. */
    private Map<String, Long> leases() {
        List<?> all = (List<?>) server.cli("HGETALL", "test:{presence}:leases");
        return IntStream.range(0, all.size() / 2)
                .boxed()
                .collect(Collectors.toMap(
                        i -> all.get(2 * i).toString(),
                        i -> Long.parseLong(all.get(2 * i + 1).toString())));
    }

    @Test
    void membersAreKeptAndTheKeysOfDeadNodesAreNot() {
        enter("a", "ann", 1, "1");
        await(other().enter("a", new Visit("bob", 1), "1"));
        leave("a", "ann", 1);
        Awaitility.await("a channel without members is forgotten")
                .until(() -> keys().stream()
                                .filter(key -> key.contains(":channels:"))
                                .count()
                        == 1);
        killOther();
        Awaitility.await().atMost(WITHIN).until(() -> keys().stream()
                .noneMatch(key -> key.contains(":channels:") || key.contains(":lapsed") || key.contains(":members")));
        enter("a", "ann", 2, "1");
        assertThat(keys())
                .filteredOn(key -> !key.startsWith("test:generation:"))
                .allSatisfy(key ->
                        assertThat((Long) server.cli("PTTL", key)).as(key).isPositive());
    }

    private List<String> keys() {
        return ((List<?>) server.cli("KEYS", "test:*"))
                .stream().map(Object::toString).toList();
    }
}
