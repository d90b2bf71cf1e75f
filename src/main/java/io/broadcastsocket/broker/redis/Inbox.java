package io.broadcastsocket.broker.redis;

/**
 * What nodes tell each other through Redis.
 *
 * <p>Event loop only.
 */
interface Inbox {
    /** Takes a payload of a pub/sub channel if that is one of these; tells whether it is. */
    boolean takes(String channel, byte[] payload);

    /** Links have come: subscriptions have to be made there. */
    void linksChanged();
}
