package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.vertx.core.Promise;

/**
 * A publication on its way into the log.
 *
 * <p>Event loop only.
 */
final class Pending {
    final Draft draft;

    /** Under which name the log remembers it, so that a second try finds the first. */
    final String key;

    /** When it is too late, nanoseconds as of {@link System#nanoTime}. */
    final long until;

    final Promise<Accepted> promise;

    /** Its publisher has got an answer; whatever Redis says comes too late. */
    boolean answered;

    Pending(Draft draft, String key, long until, Promise<Accepted> promise) {
        this.draft = draft;
        this.key = key;
        this.until = until;
        this.promise = promise;
    }
}
