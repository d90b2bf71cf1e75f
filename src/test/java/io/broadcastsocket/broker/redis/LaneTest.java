package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final RedisLink link = link();
    private final RedisLink other = link();
    private final Lane lane = new Lane();

    private static RedisLink link() {
        RedisUrl url = RedisUrl.parse("redis://localhost");
        RedisSettings settings = new RedisSettings(
                url,
                "node",
                "test",
                "",
                1,
                1,
                1,
                1,
                new RedisSettings.Queue(1, 1, 1),
                1,
                1,
                new RedisSettings.Presence(1, 1),
                false,
                1);
        return new RedisLink(null, settings, url.endpoints().get(0), "0", null, null);
    }

    private static Pending pending(String channel, String id, long until) {
        byte[] data = id.getBytes(StandardCharsets.UTF_8);
        return new Pending(new Draft(channel, data, id, Draft.Identity.PUBLISHER, null), id, until, Promise.promise());
    }

    private Pending add(String id) {
        Pending pending = pending("news", id, 100);
        lane.add(pending);
        return pending;
    }

    private List<String> sendAll(RedisLink target) {
        List<String> sent = new ArrayList<>();
        for (Lane.Departure next = lane.next(target); next != null; next = lane.next(target)) {
            sent.add(next.pending().key()
                    + next.predecessor().map(before -> "<" + before.key()).orElse(""));
        }
        return sent;
    }

    @Test
    void sendsInTheOrderInWhichTheyCame() {
        add("a");
        add("b");
        add("c");
        assertThat(sendAll(link)).containsExactly("a", "b<a", "c<b");
        assertThat(lane.isEmpty()).isFalse();
    }

    @Test
    void namesThePredecessorOnlyWhileItIsUnderWayOnTheSameChannel() {
        Pending a = add("a");
        lane.add(pending("chat", "x", 100));
        assertThat(sendAll(link)).containsExactly("a", "x");
        lane.done(a);
        add("b");
        assertThat(sendAll(link)).containsExactly("b");
    }

    @Test
    void sendsAgainInTheirOrderBeforeTheOthersOnceAllHaveComeBack() {
        Pending a = add("a");
        Pending b = add("b");
        Pending c = add("c");
        sendAll(link);
        add("d");
        lane.retry(a);
        assertThat(sendAll(link)).isEmpty();
        lane.done(b);
        lane.retry(c);
        assertThat(sendAll(link)).containsExactly("a", "c<a", "d<c");
    }

    @Test
    void goesToAnotherLinkOnlyWhenNothingIsUnderWay() {
        Pending a = add("a");
        sendAll(link);
        add("b");
        assertThat(sendAll(other)).isEmpty();
        lane.done(a);
        assertThat(sendAll(other)).containsExactly("b");
    }

    @Test
    void takesOutWhatWaitsTooLongButNothingThatIsUnderWay() {
        Pending a = add("a");
        sendAll(link);
        Pending b = pending("news", "b", 200);
        lane.add(b);
        assertThat(lane.overdue(150)).isEmpty();
        assertThat(lane.overdue(200)).containsExactly(b);
        lane.retry(a);
        assertThat(lane.overdue(200)).containsExactly(a);
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void isEmptyWhenAllIsAnswered() {
        Pending a = add("a");
        sendAll(link);
        lane.done(a);
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void boundsWhatIsUnderWay() {
        for (int i = 0; i < 5000; i++) {
            add("m" + i);
        }
        assertThat(sendAll(link)).hasSizeBetween(100, 4999);
    }
}
