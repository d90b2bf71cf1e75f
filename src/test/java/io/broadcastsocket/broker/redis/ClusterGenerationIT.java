package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** All nodes have to agree on the generation of each server of a cluster. */
class ClusterGenerationIT {
    /** Slot of the tag that is tried first, see {@link Shard#tag}. */
    private static final int FIRST = Slots.ofTag("0");

    @Test
    void nodesThatCameBeforeAndAfterASlotMovedAgreeOnEpochs() {
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisServer target = cluster.otherThanOwnerOf("{0}");
            String channel = channelOn(cluster, target);
            try (BridgeNode before = BridgeNode.open(cluster.url(), 10)) {
                append(before, channel, 0);
                cluster.migrate(FIRST, target);
                try (BridgeNode after = BridgeNode.open(cluster.url(), 10)) {
                    Awaitility.await().untilAsserted(() -> {
                        Set<String> epochs = new LinkedHashSet<>();
                        for (int i = 0; i < 5; i++) {
                            epochs.add(append(before, channel, i));
                            epochs.add(append(after, channel, i));
                        }
                        assertThat(epochs).hasSize(1);
                    });
                }
            }
        }
    }

    private static String channelOn(RedisCluster cluster, RedisServer server) {
        int number = 0;
        while (cluster.ownerOf("{c" + number + "}") != server) {
            number++;
        }
        return "c" + number;
    }

    private static String append(BridgeNode node, String channel, int number) {
        byte[] data = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft(channel, data, "made-up", Draft.Identity.SERVER, null);
        try {
            return node.broker()
                    .append(draft)
                    .await(20, TimeUnit.SECONDS)
                    .position()
                    .epoch();
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
