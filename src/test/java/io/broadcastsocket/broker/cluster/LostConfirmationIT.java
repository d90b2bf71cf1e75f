package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.partition.Partition;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hazelcast takes the departure of any member for the confirmation of every copy that it waits for; we do not. */
class LostConfirmationIT {
    /** As many as a member has threads for partitions. */
    private static final int PARTITION_THREADS = 2;

    private static CountDownLatch released;
    private static CountDownLatch blocked;

    private List<ClusterNode> nodes;

    @BeforeEach
    void open() {
        released = new CountDownLatch(1);
        blocked = new CountDownLatch(1);
        nodes = ClusterNode.open(3, 100);
    }

    @AfterEach
    void close() {
        released.countDown();
        nodes.forEach(ClusterNode::close);
    }

    @Test
    void aPublicationIsNotAcknowledgedBecauseAThirdMemberLeaves() throws Exception {
        HazelcastInstance owner = nodes.get(0).hazelcast();
        HazelcastInstance third = nodes.get(2).hazelcast();
        Awaitility.await().until(() -> owner.getPartitionService().isClusterSafe());
        String channel = channelOf(nodes.get(0), nodes.get(1));
        String blocker = keyOn(nodes.get(1), threadOf(channel));
        var blocking =
                nodes.get(1).hazelcast().<String, ChannelLog>getMap("blocked").submitToKey(blocker, new Block());
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        Future<Accepted> append = nodes.get(0)
                .broker()
                .append(new Draft(channel, "1".getBytes(StandardCharsets.UTF_8), "m", Draft.Identity.PUBLISHER, null));
        Awaitility.await().until(() -> applied(owner, channel));
        long retries = retries();
        third.getLifecycleService().terminate();
        Awaitility.await().until(() -> owner.getCluster().getMembers().size() == 2);
        Awaitility.await("it is asked again").until(() -> append.isComplete() || retries() > retries);
        assertThat(append.isComplete()).as("the copy has not confirmed").isFalse();
        released.countDown();
        Accepted accepted = append.await(20, TimeUnit.SECONDS);
        assertThat(accepted.position().offset()).isEqualTo(1);
        assertThat(accepted.durability()).isEqualTo(Accepted.Durability.REPLICATED);
        blocking.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** A channel whose log has this owner and this copy: the copy is blocked later, and only its member can tell. */
    private static String channelOf(ClusterNode owner, ClusterNode copy) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "channel" + i)
                .filter(name -> isOwner(owner, name) && hasCopy(copy, name))
                .findFirst()
                .orElseThrow();
    }

    private static String keyOn(ClusterNode owner, int thread) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "key" + i)
                .filter(key -> isOwner(owner, key))
                .filter(key -> partition(owner, key).getPartitionId() % PARTITION_THREADS == thread)
                .findFirst()
                .orElseThrow();
    }

    private int threadOf(String key) {
        return partition(nodes.get(0), key).getPartitionId() % PARTITION_THREADS;
    }

    private static boolean isOwner(ClusterNode node, String key) {
        return node.hazelcast()
                .getCluster()
                .getLocalMember()
                .equals(partition(node, key).getOwner());
    }

    private static boolean hasCopy(ClusterNode node, String key) {
        return CopyHolder.of(node.hazelcast(), partition(node, key).getPartitionId())
                .equals(node.hazelcast().getCluster().getLocalMember().getUuid());
    }

    private static Partition partition(ClusterNode node, String key) {
        return node.hazelcast().getPartitionService().getPartition(key);
    }

    private static boolean applied(HazelcastInstance owner, String channel) {
        Map<String, LogPage> tops = owner.<String, ChannelLog>getMap(MemberConfig.LOGS)
                .executeOnKeys(java.util.Set.of(channel), new TopsProcessor(1L << 40, 0));
        return tops.get(channel) != null && tops.get(channel).top().offset() == 1;
    }

    private long retries() {
        return nodes.get(0).broker().status().counters().get("queueRetries");
    }

    /** Keeps a thread of partitions busy until it is released. */
    private static final class Block implements EntryProcessor<String, ChannelLog, Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer process(Map.Entry<String, ChannelLog> entry) {
            blocked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 1;
        }

        @Override
        public EntryProcessor<String, ChannelLog, Integer> getBackupProcessor() {
            return null;
        }
    }
}
