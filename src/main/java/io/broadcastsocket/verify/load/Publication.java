package io.broadcastsocket.verify.load;

import io.vertx.core.json.JsonObject;

/**
 * Something to publish, until it is acknowledged.
 *
 * <p>Event loop only.
 */
final class Publication {
    final String id;
    final String channel;
    final JsonObject data;
    /** Acks that are to come, more than one if it is repeated on purpose. */
    int wanted;
    /** Who was asked last. */
    Sender sender;
    /** When it is sent again unless it was acknowledged, in nanoseconds. */
    long dueAt;

    Publication(String id, String channel, long sentAt, int wanted) {
        this.id = id;
        this.channel = channel;
        this.data = new JsonObject().put("id", id).put("sent", sentAt);
        this.wanted = wanted;
    }
}
