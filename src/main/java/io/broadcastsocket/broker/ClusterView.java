package io.broadcastsocket.broker;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * Port to what all nodes have and do.
 *
 * <p>Thread-safe; a future completes on the event loop of its caller. A node that is dead is left out after some seconds.
 */
public interface ClusterView {
    /**
     * All nodes, and a page of the channels. Fails with {@link BrokerUnavailable} when that cannot be told.
     *
     * @param after name of the channel before the page; empty for the first page
     * @param limit most channels of the page
     */
    Future<ClusterReport> report(String after, int limit);

    /** Ends the connection of a client that is on another node, where nodes can be asked for that; tells whether it was. */
    default Future<Boolean> disconnect(String clientId) {
        return Future.succeededFuture(false);
    }

    /** What is not as it should be among the nodes, as a sentence that names the cause. */
    default Optional<String> degradation() {
        return Optional.empty();
    }
}
