package io.broadcastsocket.broker;

import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Port to the sessions of clients that are away.
 *
 * <p>Thread-safe.
 *
 * <ol>
 *   <li>A saved session can be taken once, by its token, until its time to live has passed.
 *   <li>Taking is atomic: of two that take the same token, one gets the session.
 *   <li>Saving again replaces what was saved under that token.
 * </ol>
 */
public interface SessionStore {
    /** Keeps a session for the configured time to live. */
    Future<Void> save(SessionSnapshot session);

    /** Removes and returns the session with this token, if it is there and not expired. */
    Future<Optional<SessionSnapshot>> take(String token);
}
