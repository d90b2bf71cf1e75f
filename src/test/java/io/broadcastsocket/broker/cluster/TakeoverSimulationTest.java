package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionTakeover;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One session that is wanted on three nodes with two workers each, while every message between them takes as long as it likes,
 * answers get lost and nodes die: at most one connection has it, what may have been written is never forgotten, and it is found
 * again in the end.
 */
class TakeoverSimulationTest {
    private static final String TOKEN = "token";
    private static final String NAME = SessionDocument.digest(TOKEN);
    private static final int STEPS = 600;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("simulation.seeds", 2000));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneHasItAtMost(long seed) {
        new Run(new Random(seed)).play();
    }

    private static final class Run {
        private final Random random;
        private final List<Node> nodes = new ArrayList<>();

        /** What is on its way, by way; each keeps its order. */
        private final Map<String, Deque<Runnable>> ways = new TreeMap<>();

        private final FakeEntry<KeptSession> kept = new FakeEntry<>();

        /** The last offset that any connection has written. */
        private long written;

        private int names;
        private boolean isFaulty = true;

        Run(Random random) {
            this.random = random;
        }

        void play() {
            for (int i = 0; i < 3; i++) {
                nodes.add(new Node(this, names++));
            }
            nodes.get(0).workers.get(0).live = new SessionSnapshot(TOKEN, "client", at(0, 0), Map.of(), 0);
            for (int i = 0; i < STEPS; i++) {
                int where = random.nextInt(nodes.size());
                Worker worker = nodes.get(where).workers.get(random.nextInt(2));
                switch (random.nextInt(60)) {
                    case 0, 1, 2 -> worker.attempt();
                    case 3, 4 -> worker.checkpoint();
                    case 5 -> worker.end();
                    case 6, 7, 8 -> worker.write();
                    case 9 -> {
                        if (random.nextInt(4) == 0) {
                            nodes.set(where, nodes.get(where).replace(names++));
                        }
                    }
                    default -> deliver();
                }
            }
            isFaulty = false;
            deliverAll();
            if (kept.getValue() != null) {
                nodes.get(0).workers.get(0).attempt();
                deliverAll();
                assertThat(connections()).as("it is found in the end").isEqualTo(1);
            }
        }

        private void deliverAll() {
            boolean isMore = true;
            while (isMore) {
                isMore = deliver();
            }
        }

        private boolean deliver() {
            List<Deque<Runnable>> busy =
                    ways.values().stream().filter(way -> !way.isEmpty()).toList();
            if (busy.isEmpty()) {
                return false;
            }
            busy.get(random.nextInt(busy.size())).remove().run();
            return true;
        }

        void send(String way, Runnable message) {
            ways.computeIfAbsent(way, first -> new ArrayDeque<>()).add(message);
        }

        boolean isLost() {
            return isFaulty && random.nextInt(20) == 0;
        }

        long connections() {
            return nodes.stream()
                    .flatMap(node -> node.workers.stream())
                    .filter(worker -> worker.live != null)
                    .count();
        }

        Optional<Node> find(String name) {
            return nodes.stream().filter(node -> node.name.equals(name)).findFirst();
        }
    }

    /** A node, and how it reaches the store and the others. */
    private static final class Node implements SessionTakeover.Store {
        private final Run run;
        private final String name;
        private final SessionTakeover takeover;
        private final List<Worker> workers;
        private final List<Promise<?>> questions = new ArrayList<>();
        private boolean isDead;

        Node(Run run, int number) {
            this.run = run;
            this.name = "n" + number;
            this.takeover = new SessionTakeover(name, this);
            this.workers = List.of(new Worker(this, 0), new Worker(this, 1));
        }

        /** It dies, and another one starts. */
        Node replace(int number) {
            isDead = true;
            questions.forEach(question -> question.tryFail(NO_ANSWER));
            return new Node(run, number);
        }

        void run(String way, Runnable step) {
            run.send(way, () -> {
                if (!isDead) {
                    step.run();
                }
            });
        }

        private <T> Future<T> atTheStore(Supplier<T> step) {
            Promise<T> answer = Promise.promise();
            run(name + " to store", () -> {
                T result = step.get();
                run("store to " + name, () -> {
                    if (run.isLost()) {
                        answer.fail(NO_ANSWER);
                    } else {
                        answer.complete(result);
                    }
                });
            });
            return answer.future();
        }

        @Override
        public Future<SessionTakeover.Queued> queue(String name, String attempt) {
            return atTheStore(() -> {
                KeptSession found = new TakeSession(attempt, 1).process(run.kept);
                return found == null
                        ? SessionTakeover.Queued.NOWHERE
                        : new SessionTakeover.Queued(
                                Optional.of(new JsonObject(found.document())),
                                found.turnOf(attempt),
                                found.before(attempt));
            });
        }

        Future<Void> keep(SessionSnapshot session, boolean isCheckpoint) {
            String document =
                    SessionDocument.encode(session, isCheckpoint ? name : "").encode();
            return takeover.during(NAME, atTheStore(() -> new KeepSession(new KeptSession(session.turn(), document), 1)
                    .process(run.kept)));
        }

        @Override
        public Future<Optional<JsonObject>> askToSurrender(String node, SessionTurn wanted, String attempt) {
            if (node.equals(name)) {
                return takeover.settled(NAME, attempt).compose(done -> surrender(wanted));
            }
            Optional<Node> other = run.find(node);
            if (other.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Promise<Optional<JsonObject>> answer = Promise.promise();
            other.get().questions.add(answer);
            other.get().run(name + " to " + node, () -> other.get()
                    .takeover
                    .settled(NAME, attempt)
                    .compose(done -> other.get().surrender(wanted))
                    .onComplete(done -> run(node + " to " + name, () -> {
                        if (run.isLost()) {
                            answer.tryFail(NO_ANSWER);
                        } else {
                            answer.tryComplete(done.result());
                        }
                    })));
            return answer.future();
        }

        @Override
        public Future<Void> saveAway(String name) {
            return ask(SessionTurn.whichever(NAME))
                    .compose(found -> found.map(session -> keep(session, false)).orElse(Future.succeededFuture()));
        }

        private Future<Optional<JsonObject>> surrender(SessionTurn wanted) {
            return ask(wanted).map(found -> found.map(session -> SessionDocument.encode(session, "")));
        }

        private Future<Optional<SessionSnapshot>> ask(SessionTurn wanted) {
            List<Future<Optional<SessionSnapshot>>> answers =
                    workers.stream().map(worker -> worker.ask(wanted)).toList();
            return Future.all(answers).map(all -> answers.stream()
                    .flatMap(answer -> answer.result().stream())
                    .findFirst());
        }
    }

    /** An event loop with connections, of which one at most may have the session. */
    private static final class Worker {
        private final Node node;
        private final String in;
        private final String out;
        private SessionSnapshot live;

        Worker(Node node, int number) {
            this.node = node;
            this.in = node.name + " to its worker " + number;
            this.out = node.name + " from its worker " + number;
        }

        void attempt() {
            node.run(out, () -> node.takeover
                    .take(TOKEN, () -> true)
                    .onSuccess(taken -> node.run(in, () -> taken.ifPresent(this::adopt))));
        }

        private void adopt(SessionSnapshot taken) {
            assertThat(node.run.connections()).as("who has it beside").isZero();
            assertThat(taken.cursors().get("news").written())
                    .as("what may have been written")
                    .isGreaterThanOrEqualTo(node.run.written);
            if (node.run.isFaulty && node.run.random.nextInt(8) == 0) {
                // The connection is gone, see TakeUp.
                SessionSnapshot left = taken.nextTurn();
                node.run(out, () -> node.keep(left, false));
                return;
            }
            long confirmed = taken.cursors().get("news").confirmed().offset();
            live = new SessionSnapshot(TOKEN, "client", at(confirmed, node.run.written), Map.of(), taken.turn() + 1);
            checkpoint();
        }

        void checkpoint() {
            SessionSnapshot now = live;
            if (now != null) {
                node.run(out, () -> node.keep(now, true));
            }
        }

        void end() {
            SessionSnapshot left = live;
            live = null;
            if (left != null) {
                node.run(out, () -> node.keep(left, false));
            }
        }

        void write() {
            if (live != null) {
                long confirmed = node.run.random.nextBoolean()
                        ? node.run.written
                        : live.cursors().get("news").confirmed().offset();
                live = new SessionSnapshot(TOKEN, "client", at(confirmed, ++node.run.written), Map.of(), live.turn());
            }
        }

        Future<Optional<SessionSnapshot>> ask(SessionTurn wanted) {
            Promise<Optional<SessionSnapshot>> answer = Promise.promise();
            node.run(in, () -> {
                Optional<SessionSnapshot> given = Optional.ofNullable(live).filter(one -> wanted.is(one.turn()));
                live = given.isPresent() ? null : live;
                node.run(out, () -> answer.complete(given));
            });
            return answer.future();
        }
    }

    private static final BrokerUnavailable NO_ANSWER = new BrokerUnavailable("no answer", 1, null);

    private static Map<String, SessionSnapshot.Cursor> at(long confirmed, long written) {
        return Map.of("news", new SessionSnapshot.Cursor(new Position("epoch", confirmed), written));
    }
}
