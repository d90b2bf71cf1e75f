package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.NodeCensus;
import io.vertx.core.Future;

/**
 * What this node does when others ask.
 *
 * <p>Thread-safe.
 */
public interface Local {
    /** Saves the session with a token and ends its connection, if this node has it. */
    Future<Void> surrender(String token);

    /** What this node has and does; may fail as long as it starts. */
    Future<NodeCensus> census();

    /** Ends the connection of a client; tells whether it is on this node. */
    Future<Boolean> disconnect(String clientId);
}
