package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A node that was frozen goes on with sessions that others have taken meanwhile. */
class LateSessionIT {
    @Test
    void whatAFrozenNodeSavesLateDoesNotReplaceWhatTheNextOneKnows() {
        try (RedisServer server = RedisServer.start();
                BridgeNode frozen = BridgeNode.open(server.url(), 10);
                BridgeNode next = BridgeNode.open(server.url(), 10);
                BridgeNode third = BridgeNode.open(server.url(), 10)) {
            SessionSnapshot early = snapshot(5, 0);
            await(frozen.sessions().checkpoint(early));
            SessionSnapshot taken = await(next.sessions().take("token")).orElseThrow();
            await(next.sessions().checkpoint(snapshot(9, taken.turn() + 1)));
            await(frozen.sessions().save(early));

            SessionSnapshot last = await(third.sessions().take("token")).orElseThrow();
            assertThat(last.cursors().get("news").confirmed()).isEqualTo(new Position("epoch", 9));
        }
    }

    private static SessionSnapshot snapshot(long offset, long turn) {
        Position confirmed = new Position("epoch", offset);
        return new SessionSnapshot(
                "token", "client", Map.of("news", new SessionSnapshot.Cursor(confirmed, offset)), Map.of(), turn);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
