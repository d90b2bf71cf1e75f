package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.vertx.core.Promise;

/**
 * A publication on its way into the log.
 *
 * @param key under which the log remembers it, so that a second try finds the first
 * @param until when it is too late, nanoseconds as of {@link System#nanoTime}
 */
record Pending(Draft draft, String key, long until, Promise<Accepted> promise) {}
