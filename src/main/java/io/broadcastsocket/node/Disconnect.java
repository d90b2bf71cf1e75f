package io.broadcastsocket.node;

import io.vertx.core.Future;
import java.util.List;

/**
 * Ends the connection of a client, on whatever worker of this node it is.
 *
 * <p>Thread-safe.
 */
public final class Disconnect {
    /** Bus purpose at which a worker ends the connection of a client. */
    public static final String PURPOSE = "disconnect";

    private static final long ASK_TIMEOUT_MS = 1000;

    private final Node node;

    public Disconnect(Node node) {
        this.node = node;
    }

    /** Tells whether it was there. */
    public Future<Boolean> client(String clientId) {
        List<Future<Boolean>> answers = node.workers().stream()
                .map(worker -> node.bus()
                        .<Boolean>request(worker.address(PURPOSE), clientId, ASK_TIMEOUT_MS)
                        .otherwise(false))
                .toList();
        return Future.all(answers).map(all -> answers.stream().anyMatch(Future::result));
    }
}
