package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member that was among too few cannot know what the others did meanwhile: what it has kept goes on in another epoch. */
class LapseIT {
    private final List<ClusterNode> nodes = new ArrayList<>(ClusterNode.open(3, 100));

    @AfterEach
    void close() {
        nodes.forEach(ClusterNode::close);
    }

    @Test
    void whatALonelyMemberHasKeptGoesOnInAnotherEpochAndSubscribersAreTold() {
        ClusterNode survivor = nodes.get(0);
        // All logs have a copy on each member, one after the other, while the others die one by one.
        Position before = append(survivor, "m1").position();
        List<Position> told = new CopyOnWriteArrayList<>();
        await(survivor.broker().attach("a", new Broker.Listener() {
            @Override
            public void announced(Publication publication) {}

            @Override
            public void moved(String channel, Position top) {
                told.add(top);
            }
        }));
        nodes.get(1).kill();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> append(survivor, "m2").position().sameEpoch(before));
        nodes.get(2).kill();
        Awaitility.await()
                .until(() -> survivor.hazelcast().getCluster().getMembers().size() == 1);
        for (ClusterNode dead : List.of(nodes.remove(2), nodes.remove(1))) {
            dead.close();
            nodes.add(dead.again());
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> told.stream()
                .anyMatch(top -> !top.sameEpoch(before)));
        Position after = append(survivor, "m3").position();
        assertThat(after.sameEpoch(before)).isFalse();
        assertThat(after.offset()).as("offsets go on").isEqualTo(3);
        ReadResult read = await(survivor.broker().read("a", before, 10));
        assertThat(read).isInstanceOfSatisfying(ReadResult.Unservable.class, gap -> {
            assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
            assertThat(gap.resumeAt()).as("what survived is still there").isEqualTo(after.at(1));
        });
    }

    private static Accepted append(ClusterNode node, String messageId) {
        byte[] data = "1".getBytes(StandardCharsets.UTF_8);
        return await(node.broker().append(new Draft("a", data, messageId, Draft.Identity.PUBLISHER, null)));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
