package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.IMap;
import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerContract;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cluster's broker on three members. */
class ClusterBrokerIT extends BrokerContract {
    private static List<ClusterNode> nodes;

    @BeforeAll
    static void open() {
        nodes = ClusterNode.open(3, HISTORY_SIZE);
    }

    @AfterAll
    static void close() {
        nodes.forEach(ClusterNode::close);
    }

    @BeforeEach
    void empty() {
        logs().clear();
    }

    @Override
    protected Broker broker() {
        return nodes.get(0).broker();
    }

    @Override
    protected void loseEverything() {
        logs().clear();
    }

    @Override
    protected void expireHistories() {
        long later = nodes.get(0).hazelcast().getCluster().getClusterTime() + 300_001;
        logs().executeOnKeys(logs().keySet(), new ExpireProcessor(later, 1));
    }

    @Test
    void whatIsAppendedOnOneNodeIsAnnouncedOnAll() {
        List<List<Long>> heard = nodes.stream().map(node -> listen(node, "a")).toList();
        for (int i = 0; i < 30; i++) {
            Accepted accepted = await(nodes.get(i % 3).broker().append(draft("a", "m" + i)));
            assertThat(accepted.durability()).isEqualTo(Accepted.Durability.REPLICATED);
            assertThat(accepted.position().offset()).isEqualTo(i + 1L);
        }
        List<Long> all = LongStream.rangeClosed(1, 30).boxed().toList();
        heard.forEach(offsets -> Awaitility.await()
                .untilAsserted(
                        () -> assertThat(offsets.stream().sorted().toList()).isEqualTo(all)));
    }

    @Test
    void anIdThatOneNodeHasSeenIsKnownToAll() {
        Position first = append("a", "same").position();
        Accepted again = await(nodes.get(1).broker().append(draft("a", "same")));
        assertThat(again.duplicate()).isTrue();
        assertThat(again.position()).isEqualTo(first);
    }

    @Test
    void aNodeHearsOfAChannelFromTheMomentItsSubscriptionIsThere() {
        for (int i = 0; i < 50; i++) {
            String channel = "fresh" + i;
            List<Long> heard = new CopyOnWriteArrayList<>();
            Position attached =
                    await(nodes.get(2).broker().attach(channel, publication -> heard.add(publication.offset())));
            long next = append(channel, "m").position().offset();
            assertThat(next).isEqualTo(attached.offset() + 1);
            Awaitility.await().untilAsserted(() -> assertThat(heard).containsExactly(next));
        }
    }

    @Test
    void nodesThatDoNotWantAChannelGetNothingOfIt() {
        await(nodes.get(1).broker().attach("wanted", publication -> {}));
        await(nodes.get(2).broker().attach("other", publication -> {}));
        append("wanted", "first");
        long toOne = received(1);
        long toTwo = received(2);
        IntStream.range(0, 20).forEach(i -> append("wanted", "m" + i));
        Awaitility.await().until(() -> received(1) > toOne);
        assertThat(received(2)).isEqualTo(toTwo);
    }

    private static List<Long> listen(ClusterNode node, String channel) {
        List<Long> offsets = new CopyOnWriteArrayList<>();
        await(node.broker().attach(channel, publication -> offsets.add(publication.offset())));
        return offsets;
    }

    private static long received(int node) {
        return nodes.get(node).broker().status().counters().get("envelopesReceived");
    }

    private static IMap<String, ChannelLog> logs() {
        return nodes.get(0).hazelcast().getMap(MemberConfig.LOGS);
    }
}
