package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.PresencePage.Member;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members of channels that are on different masters of a Redis Cluster, the leases on a third. */
class PresenceClusterIT {
    private static final List<String> CHANNELS =
            IntStream.range(0, 12).mapToObj(i -> "channel-" + i).toList();

    private RedisCluster redis;
    private BridgeNode node;
    private BridgeNode other;

    @BeforeEach
    void open() {
        redis = RedisCluster.start();
        node = BridgeNode.open(redis.url(), 1000);
        other = BridgeNode.open(redis.url(), 1000);
        Set<RedisServer> masters = new HashSet<>();
        for (String channel : CHANNELS) {
            masters.add(redis.ownerOf(members(channel)));
            await(node.presence().enter(channel, new Visit("here", 1), "1"));
            await(other.presence().enter(channel, new Visit("there", 1), "1"));
        }
        assertThat(masters).as("on each master some").hasSize(3);
        Awaitility.await("leases are noted")
                .until(() -> leases().cli("HLEN", "test:{presence}:leases").equals(2L));
    }

    @AfterEach
    void close() {
        node.close();
        other.close();
        redis.close();
    }

    @Test
    void theMembersOfADeadNodeAreRemovedOnEachMaster() {
        other.close();
        awaitMembers(new Member("here", "1"));
    }

    @Test
    void membersThatOneMasterHasLostAreEnteredAgain() {
        redis.ownerOf(members(CHANNELS.get(0))).cli("FLUSHALL");
        awaitMembers(new Member("here", "1"), new Member("there", "1"));
    }

    @Test
    void leasesThatAreLostAreTakenAnew() {
        leases().cli("DEL", "test:{presence}:leases");
        Awaitility.await("leases are noted")
                .until(() -> leases().cli("HLEN", "test:{presence}:leases").equals(2L));
        other.close();
        awaitMembers(new Member("here", "1"));
    }

    private RedisServer leases() {
        return redis.ownerOf("test:{presence}:leases");
    }

    private static String members(String channel) {
        return new Keys("test").members("$presence." + channel);
    }

    private void awaitMembers(Member... expected) {
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            List<List<Member>> all = new ArrayList<>();
            for (String channel : CHANNELS) {
                all.add(await(node.presence().page(channel, "", 100)).members());
            }
            assertThat(all).allSatisfy(members -> assertThat(members).containsExactly(expected));
        });
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
