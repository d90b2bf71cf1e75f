package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

        private final List<String> attempts = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();
        private final Map<String, Future<Optional<JsonObject>>> nodes = new HashMap<>();
        private Future<Void> answers = Future.succeededFuture();

        /** What a connection that was not kept yet has, which {@link #saveAway} saves. */
        private JsonObject young;

        private Future<Void> saved = Future.succeededFuture();

        @Override
        public Future<SessionTakeover.Queued> queue(String name, String attempt) {
            if (session == null) {
                return answers.map(SessionTakeover.Queued.NOWHERE);
            }
            if (!attempts.contains(attempt)) {
                attempts.add(attempt);
            }
            int stands = attempts.indexOf(attempt);
            SessionTakeover.Queued queued = new SessionTakeover.Queued(
                    Optional.of(session), stands + 1, List.copyOf(attempts.subList(0, stands)));
            return answers.map(queued);
        }

        @Override
        public Future<Optional<JsonObject>> askToSurrender(String node, SessionTurn wanted, String attempt) {
            asked.add(attempt.isEmpty() ? node : attempt);
            return nodes.getOrDefault(node, Future.succeededFuture(Optional.empty()));
        }

        @Override
        public Future<Void> saveAway(String name) {
            session = young;
            return saved;
        }
    }

    private final OneSession store = new OneSession();
    private final SessionTakeover one = new SessionTakeover("one", store);
    private final SessionTakeover two = new SessionTakeover("two", store);
    private final SessionTakeover three = new SessionTakeover("three", store);

    @Test
    void whatAnAttemptHasLeftThatFailedIsTakenByTheNext() {
        store.answers = Future.failedFuture(new BrokerUnavailable("no answer", 1, null));
        assertThat(one.take("t", () -> true).failed()).isTrue();
        store.answers = Future.succeededFuture();
        SessionSnapshot taken = take(two).orElseThrow();
        assertThat(store.asked).containsExactly("one/1");
        assertThat(taken.turn()).as("a turn was begun that nobody knows").isEqualTo(1);
        assertThat(taken.cursors().get("news").written()).isEqualTo(SessionSnapshot.Cursor.UNKNOWN);
    }

    @Test
    void whereTheAttemptBeforeHasFailedTheOneBeforeThatStillHasIt() {
        take(one);
        store.nodes.put("one", Future.failedFuture(new BrokerUnavailable("silent", 1, null)));
        assertThat(two.take("t", () -> true).failed()).isTrue();
        store.nodes.put("one", Future.succeededFuture(Optional.of(store.session)));
        assertThat(take(three)).map(SessionSnapshot::turn).contains(2L);
        assertThat(store.asked).containsExactly("one/1", "two/1", "one/1");
    }

    @Test
    void theConnectionThatHasItGivesItAway() {
        take(one);
        JsonObject connected = store.session.copy().put("client", "connected");
        store.nodes.put("one", Future.succeededFuture(Optional.of(connected)));
        assertThat(take(two)).map(SessionSnapshot::clientId).contains("connected");
    }

    @Test
    void theNodeThatTheClientWasConnectedToFromTheBeginningGivesItAway() {
        store.session.put("node", "one");
        JsonObject connected = store.session.copy().put("client", "connected");
        store.nodes.put("one", Future.succeededFuture(Optional.of(connected)));
        assertThat(take(two)).map(SessionSnapshot::clientId).contains("connected");
        assertThat(store.asked).containsExactly("one");
    }

    @Test
    void aNodeThatIsFrozenDoesNotKeepItForEver() {
        store.session.put("node", "one");
        store.nodes.put("one", Future.failedFuture(new BrokerUnavailable("silent", 1, null)));
        assertThat(take(two)).map(SessionSnapshot::clientId).contains("client");
    }

    @Test
    void anAttemptUnderWayThatDoesNotAnswerKeepsIt() {
        take(one);
        store.nodes.put("one", Future.failedFuture(new BrokerUnavailable("silent", 1, null)));
        assertThat(two.take("t", () -> true).cause()).isInstanceOf(BrokerUnavailable.class);
    }

    @Test
    void whoIsGoneByThenTakesItFromNobody() {
        assertThat(one.take("t", () -> false).result()).isEmpty();
        assertThat(store.attempts).isEmpty();
    }

    @Test
    void whatWasNotKeptYetIsFoundOnItsNode() {
        store.young = store.session;
        store.session = null;
        assertThat(take(one)).map(SessionSnapshot::clientId).contains("client");
        store.young = null;
        store.session = null;
        assertThat(take(one)).isEmpty();
    }

    @Test
    void whoeverAsksWaitsUntilWhatWasNotKeptYetIs() {
        Promise<Void> saved = Promise.promise();
        store.saved = saved.future();
        store.session = null;
        one.take("t", () -> true);
        Future<Void> settled = one.settled(SessionDocument.digest("t"), "");
        assertThat(settled.isComplete()).isFalse();
        saved.complete();
        assertThat(settled.isComplete()).isTrue();
    }

    @Test
    void anAttemptThatWasPassedOverMeanwhileGivesUp() {
        take(one);
        Promise<Optional<JsonObject>> answer = Promise.promise();
        store.nodes.put("one", answer.future());
        Future<Optional<SessionSnapshot>> slow = two.take("t", () -> true);
        // Its node was thought dead: another one has the session, and has kept it.
        store.attempts.clear();
        answer.complete(Optional.empty());
        assertThat(slow.cause()).isInstanceOf(BrokerUnavailable.class);
    }

    @Test
    void whoeverAsksWaitsForTheAttemptHeNamesAndForNoLaterOne() {
        Promise<Void> answer = Promise.promise();
        store.answers = answer.future();
        Future<Optional<SessionSnapshot>> first = one.take("t", () -> true);
        store.answers = Promise.<Void>promise().future();
        one.take("t", () -> true);
        Future<Void> settled = one.settled(SessionDocument.digest("t"), "one/1");
        assertThat(settled.isComplete()).isFalse();
        assertThat(one.settled(SessionDocument.digest("t"), "").isComplete()).isTrue();
        answer.complete();
        assertThat(first.result()).isPresent();
        assertThat(settled.isComplete()).isTrue();
        assertThat(one.isBusy()).isTrue();
    }

    private static Optional<SessionSnapshot> take(SessionTakeover node) {
        return node.take("t", () -> true).result();
    }
}
