package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Draft;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final Lane lane = new Lane();

    @Test
    void whatComesWhileABatchIsUnderWayLeavesWithTheNext() {
        add("a", 1, 0);
        lane.take("node", 1);
        assertThat(lane.isFree()).isFalse();
        add("b", 1, 0);
        add("c", 1, 0);
        assertThat(ids()).containsExactly("a");
        lane.free();
        lane.take("node", 2);
        assertThat(ids()).containsExactly("b", "c");
        assertThat(lane.batch().number()).isEqualTo(2);
        lane.free();
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void aBatchIsBoundedByNumberAndBytes() {
        for (int i = 0; i < 600; i++) {
            add("m" + i, 1, 0);
        }
        lane.take("node", 1);
        assertThat(ids()).hasSize(500);
        Lane large = new Lane();
        large.add(waiting("x", 400 * 1024, 0));
        large.add(waiting("y", 400 * 1024, 0));
        large.take("node", 1);
        assertThat(large.underWay()).hasSize(1);
    }

    @Test
    void onlyThoseThatWaitBehindTheBatchAreTakenOutWhenTheyAreLate() {
        add("a", 1, 10);
        lane.take("node", 1);
        add("b", 1, 10);
        add("c", 1, 30);
        assertThat(lane.overdue(20).stream().map(one -> one.draft().messageId()))
                .containsExactly("b");
        assertThat(ids()).containsExactly("a");
        lane.free();
        lane.take("node", 2);
        assertThat(ids()).containsExactly("c");
    }

    private void add(String id, int bytes, long until) {
        lane.add(waiting(id, bytes, until));
    }

    private static Lane.Waiting waiting(String id, int bytes, long until) {
        return new Lane.Waiting(
                new Draft("c", new byte[bytes], id, Draft.Identity.PUBLISHER, null), until, Promise.promise());
    }

    private List<String> ids() {
        return lane.batch().items().stream().map(Batch.Item::messageId).toList();
    }
}
