package io.broadcastsocket.session;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sessions by their token: among the live ones of this worker, among the stored ones, and on the other workers.
 *
 * <p>Event loop only.
 */
public final class SessionDirectory {
    /** A worker that does not answer within this time is stuck; its sessions cannot be had. */
    private static final long ASK_TIMEOUT_MS = 1000;

    private static final Logger log = LoggerFactory.getLogger(SessionDirectory.class);

    private final SessionStore store;
    private final LocalBus bus;
    private final IntFunction<String> addressOfWorker;
    private final int worker;
    private final int workers;

    /** By name; the one whose checkpoint is oldest comes first. */
    private final Map<String, ClientSession> live = new LinkedHashMap<>();

    private final Set<ClientSession> changed = new LinkedHashSet<>();

    /** @param addressOfWorker bus address at which a worker's directory answers */
    public SessionDirectory(
            SessionStore store, LocalBus bus, IntFunction<String> addressOfWorker, int worker, int workers) {
        this.store = store;
        this.bus = bus;
        this.addressOfWorker = addressOfWorker;
        this.worker = worker;
        this.workers = workers;
    }

    /** Answers the other workers. */
    public Future<Void> listen() {
        return bus.<SessionTurn>consume(addressOfWorker.apply(worker), this::answer)
                .completion();
    }

    /** What the session with this token is called between workers and nodes. */
    String name(String token) {
        return store.name(token);
    }

    void add(ClientSession session) {
        live.put(session.name(), session);
        changed(session);
    }

    /** The subscriptions of a live session are others now. */
    void changed(ClientSession session) {
        if (store.outlivesNode()) {
            changed.add(session);
        }
    }

    /**
     * Keeps live sessions in case this node dies: those that have changed, and a part of the others, so that within an
     * interval each had its turn.
     *
     * @param share this part of all
     */
    public void checkpoint(double share) {
        if (!store.outlivesNode()) {
            return;
        }
        int due = (int) Math.ceil(live.size() * share);
        List<ClientSession> oldest = live.values().stream().limit(due).toList();
        for (ClientSession session : oldest) {
            live.remove(session.name());
            live.put(session.name(), session);
            changed.add(session);
        }
        changed.forEach(this::keep);
        changed.clear();
    }

    /** Keeps a live session at once: taking it up has removed what was kept of it. */
    void keep(ClientSession session) {
        if (store.outlivesNode() && live.get(session.name()) == session) {
            store.checkpoint(session.checkpoint())
                    .onFailure(failure -> log.debug("no checkpoint clientId={}", session.clientId(), failure));
        }
    }

    void remove(ClientSession session) {
        live.remove(session.name(), session);
        changed.remove(session);
    }

    /** Keeps a session whose connection is gone; when that fails, its client begins anew when it comes back. */
    Future<Void> save(SessionSnapshot session) {
        return store.save(session)
                .onFailure(failure -> log.debug(
                        "session could not be saved clientId={} reason={}", session.clientId(), failure.getMessage()));
    }

    /**
     * Takes a session from wherever it is; a live one loses its connection. Where all nodes can find it, the store knows who has
     * it. Else the store comes last: a connection that closes while its worker is asked has stored its session before the answer.
     */
    Future<Optional<SessionSnapshot>> takeOver(String token, BooleanSupplier isWanted) {
        if (store.outlivesNode()) {
            return store.take(token, isWanted);
        }
        SessionTurn wanted = SessionTurn.whichever(name(token));
        Optional<SessionSnapshot> own = surrender(wanted);
        if (own.isPresent()) {
            return Future.succeededFuture(own);
        }
        return askOthers(wanted)
                .compose(found -> found.isPresent() ? Future.succeededFuture(found) : store.take(token, isWanted));
    }

    private Future<Optional<SessionSnapshot>> askOthers(SessionTurn wanted) {
        List<Future<Optional<SessionSnapshot>>> answers = IntStream.range(0, workers)
                .filter(other -> other != worker)
                .mapToObj(other -> ask(other, wanted))
                .toList();
        return Future.all(answers).map(all -> answers.stream()
                .flatMap(answer -> answer.result().stream())
                .findFirst());
    }

    private Future<Optional<SessionSnapshot>> ask(int other, SessionTurn wanted) {
        return bus.<Optional<SessionSnapshot>>request(addressOfWorker.apply(other), wanted, ASK_TIMEOUT_MS)
                .otherwise(Optional.empty());
    }

    private void answer(Message<SessionTurn> request) {
        bus.reply(request, surrender(request.body()));
    }

    /** Gives away what a live session of this worker has, and closes its connection. */
    Optional<SessionSnapshot> surrender(SessionTurn wanted) {
        return Optional.ofNullable(live.get(wanted.name()))
                .filter(session -> wanted.is(session.turn()))
                .map(ClientSession::surrender);
    }
}
