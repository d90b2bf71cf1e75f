package io.broadcastsocket.broker;

import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Port to the sessions of clients that are away.
 *
 * <p>Thread-safe; a future completes on the event loop of its caller.
 *
 * <ol>
 *   <li>A saved session can be taken once, by its token, until its time to live has passed.
 *   <li>Taking is atomic: of two that take the same token, one gets the session. Where sessions outlive a node, the second gets it
 *       from the first, and what was taken and is had by nobody can be taken again.
 *   <li>Saving again replaces what was saved under that token; where sessions outlive a node, only when no later turn was.
 *   <li>Where sessions outlive a node, a checkpoint is found when its node is dead; as long as that lives, taking it makes
 *       the node give the session away.
 * </ol>
 */
public interface SessionStore {
    /** Keeps a session for the configured time to live. */
    Future<Void> save(SessionSnapshot session);

    /**
     * Removes and returns the session with this token, if it is there and not expired, and is still wanted by then: who is gone when
     * it is found takes it from nobody.
     *
     * @param isWanted asked on any thread
     */
    Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted);

    /** Keeps the state of a session that is connected, in case its node dies; only where sessions outlive it. */
    default Future<Void> checkpoint(SessionSnapshot session) {
        return Future.succeededFuture();
    }

    /** What the session with this token is called where others can read it: who knows only that cannot resume it. */
    default String name(String token) {
        return token;
    }

    /** Whether what is kept here is there when this node is dead. */
    default boolean outlivesNode() {
        return false;
    }
}
