package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a store does that sessions outlive their node in; on three nodes. */
public abstract class SessionStoreContract {
    protected final String token = UUID.randomUUID().toString();
    private final String name = SessionDocument.digest(token);

    /** That of one of three nodes. */
    protected abstract SessionStore store(int node);

    /** What that node gives away when it is asked to, by the digest of its token. */
    protected abstract Map<String, SessionSnapshot> connected(int node);

    @Test
    void whoHasTakenASessionGivesItAway() {
        await(store(0).save(snapshot(5, 0)));
        connected(1).put(name, take(1).orElseThrow().nextTurn());
        assertThat(take(2)).map(SessionSnapshot::turn).contains(1L);
        assertThat(connected(1)).doesNotContainKey(name);
    }

    @Test
    void whatWasTakenAndLeftByNobodyIsTakenAgainAndNobodyKnowsWhatWasWritten() {
        await(store(0).save(snapshot(5, 0)));
        assertThat(take(1)).isPresent();
        SessionSnapshot again = take(2).orElseThrow();
        assertThat(again.turn()).isEqualTo(1);
        assertThat(again.cursors().get("news").written()).isEqualTo(SessionSnapshot.Cursor.UNKNOWN);
    }

    @Test
    void whoIsGoneByThenLeavesItToAnother() {
        await(store(0).checkpoint(snapshot(5, 0)));
        assertThat(await(store(1).take(token, () -> false))).isEmpty();
        assertThat(take(2)).isPresent();
    }

    @Test
    void aConnectionWhoseSessionNobodyGotIsKeptOn() {
        await(store(0).checkpoint(snapshot(5, 0)));
        assertThat(take(1)).isPresent();
        await(store(0).checkpoint(snapshot(6, 0)));
        assertThat(confirmed(take(2))).isEqualTo(6);
    }

    @Test
    void whatAConnectionLeavesAtItsEndIsFoundAlsoAfterItsCheckpointWasTaken() {
        await(store(0).checkpoint(snapshot(5, 0)));
        assertThat(take(1)).isPresent();
        await(store(0).save(snapshot(6, 0)));
        assertThat(confirmed(take(2))).isEqualTo(6);
    }

    @Test
    void whatAFrozenNodeSavesLateDoesNotReplaceWhatTheNextOneKnows() {
        await(store(0).checkpoint(snapshot(5, 0)));
        long turn = take(1).orElseThrow().turn();
        await(store(1).checkpoint(snapshot(9, turn + 1)));
        await(store(0).save(snapshot(5, turn)));
        assertThat(confirmed(take(2))).isEqualTo(9);
    }

    @Test
    void whatAnEarlierConnectionSavesLateDoesNotTakeItFromTheNext() {
        await(store(0).save(snapshot(5, 0)));
        long first = take(1).orElseThrow().turn() + 1;
        long second = take(2).orElseThrow().turn() + 1;
        await(store(1).save(snapshot(6, first)));
        connected(2).put(name, snapshot(9, second));
        assertThat(confirmed(take(0))).isEqualTo(9);
    }

    protected final Optional<SessionSnapshot> take(int node) {
        return await(store(node).take(token, () -> true));
    }

    private static long confirmed(Optional<SessionSnapshot> session) {
        return session.orElseThrow().cursors().get("news").confirmed().offset();
    }

    protected final SessionSnapshot snapshot(long offset, long turn) {
        Position confirmed = new Position("epoch", offset);
        return new SessionSnapshot(
                token, "client", Map.of("news", new SessionSnapshot.Cursor(confirmed, offset)), Map.of(), turn);
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
