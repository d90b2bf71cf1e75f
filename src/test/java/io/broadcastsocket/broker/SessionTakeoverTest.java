package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionTakeoverTest {
    /** One session, as a store keeps it, and the nodes that others can ask. */
    private static final class OneSession implements SessionTakeover.Store {
        private JsonObject session = SessionDocument.encode(
                new SessionSnapshot(
                        "t",
                        "client",
                        Map.of("news", new SessionSnapshot.Cursor(new Position("e", 5), 5)),
                        Map.of(),
                        0),
                "");

        private String taker = "";
        private final Map<String, Future<Optional<JsonObject>>> nodes = new HashMap<>();
        private Future<Void> answers = Future.succeededFuture();

        @Override
        public Future<SessionTakeover.Marked> mark(String token, String attempt, String over) {
            String before = taker;
            boolean mine = before.isEmpty() || before.equals(attempt) || before.equals(over);
            taker = mine ? attempt : before;
            Optional<JsonObject> found = mine ? Optional.of(session) : Optional.empty();
            return answers.map(done -> new SessionTakeover.Marked(found, before));
        }

        @Override
        public Future<Void> putBack(String token, JsonObject left) {
            session = left;
            taker = "";
            return Future.succeededFuture();
        }

        @Override
        public Future<Optional<JsonObject>> askToSurrender(String node, String token) {
            return nodes.getOrDefault(node, Future.succeededFuture(Optional.empty()));
        }
    }

    private final OneSession store = new OneSession();
    private final SessionTakeover one = new SessionTakeover("one", store);
    private final SessionTakeover two = new SessionTakeover("two", store);

    @Test
    void whatAnAttemptHasMarkedThatFailedIsTakenByTheNext() {
        store.answers = Future.failedFuture(new BrokerUnavailable("no answer", 1, null));
        assertThat(one.take("t", () -> true).failed()).isTrue();
        store.answers = Future.succeededFuture();
        SessionSnapshot taken = take(two).orElseThrow();
        assertThat(taken.turn()).as("a turn was begun that nobody knows").isEqualTo(1);
        assertThat(taken.cursors().get("news").written()).isEqualTo(SessionSnapshot.Cursor.UNKNOWN);
    }

    @Test
    void theConnectionThatHasItGivesItAway() {
        take(one);
        JsonObject connected = store.session.copy().put("turn", 7);
        store.nodes.put("one", Future.succeededFuture(Optional.of(connected)));
        assertThat(take(two)).map(SessionSnapshot::turn).contains(7L);
    }

    @Test
    void aNodeThatHasItAndDoesNotAnswerKeepsIt() {
        take(one);
        store.nodes.put("one", Future.failedFuture(new BrokerUnavailable("silent", 1, null)));
        assertThat(two.take("t", () -> true).cause()).isInstanceOf(BrokerUnavailable.class);
        assertThat(store.taker).startsWith("one/");
    }

    @Test
    void whoIsGoneByThenPutsItBack() {
        assertThat(one.take("t", () -> false).result()).isEmpty();
        assertThat(take(two)).map(SessionSnapshot::turn).contains(0L);
    }

    @Test
    void anotherAttemptOfTheSameNodeWaitsForTheFirst() {
        Promise<Void> answer = Promise.promise();
        store.answers = answer.future();
        Future<Optional<SessionSnapshot>> first = one.take("t", () -> true);
        Future<Optional<SessionSnapshot>> second = one.take("t", () -> true);
        Future<Void> settled = one.settled("t");
        assertThat(store.taker).isEqualTo("one/1");
        assertThat(settled.isComplete()).isFalse();
        answer.complete();
        assertThat(first.result()).isPresent();
        assertThat(second.isComplete()).isTrue();
        assertThat(settled.isComplete()).isTrue();
        assertThat(one.isBusy()).isFalse();
    }

    private static Optional<SessionSnapshot> take(SessionTakeover node) {
        return node.take("t", () -> true).result();
    }
}
