package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What this node does when others ask.
 *
 * <p>Thread-safe.
 */
public interface Local {
    /** Gives a session away and ends its connection, if this node has it. */
    Future<Optional<SessionSnapshot>> surrender(SessionTurn wanted);

    /** What this node has and does; may fail as long as it starts. */
    Future<NodeCensus> census();

    /** Ends the connection of a client; tells whether it is on this node. */
    Future<Boolean> disconnect(String clientId);
}
