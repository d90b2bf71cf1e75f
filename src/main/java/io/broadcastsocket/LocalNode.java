package io.broadcastsocket;

import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.broker.cluster.Local;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.broadcastsocket.node.Census;
import io.broadcastsocket.node.Disconnect;
import io.broadcastsocket.node.Node;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What this node does when other nodes ask, once it has started.
 *
 * <p>Thread-safe.
 */
final class LocalNode implements Local {
    private static final long SURRENDER_MS = 500;

    private volatile Node node;

    void started(Node started) {
        node = started;
    }

    /** Whether somebody is connected. */
    boolean isConnected() {
        return node != null && node.connections().get() > 0;
    }

    @Override
    public Future<NodeCensus> census() {
        return node == null ? Future.failedFuture("the node starts") : new Census(node).take();
    }

    @Override
    public Future<Boolean> disconnect(String clientId) {
        return node == null ? Future.succeededFuture(false) : new Disconnect(node).client(clientId);
    }

    @Override
    public Future<Optional<SessionSnapshot>> surrender(SessionTurn wanted) {
        if (node == null) {
            return Future.succeededFuture(Optional.empty());
        }
        List<Future<Optional<SessionSnapshot>>> asked = node.workers().stream()
                .map(worker -> node.bus()
                        .<Optional<SessionSnapshot>>request(worker.address("sessions"), wanted, SURRENDER_MS)
                        .otherwise(Optional.empty()))
                .toList();
        return Future.all(asked)
                .map(all -> asked.stream().flatMap(one -> one.result().stream()).findFirst());
    }

    /** Saves a session and ends its connection, if this node has it. */
    Future<Void> saveAway(SessionTurn wanted) {
        return surrender(wanted)
                .compose(found -> found.map(node.sessions()::save).orElse(Future.succeededFuture()));
    }
}
