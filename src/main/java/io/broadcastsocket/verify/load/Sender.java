package io.broadcastsocket.verify.load;

/**
 * One way to publish: a node, over WebSocket or HTTP.
 *
 * <p>Event loop only.
 */
interface Sender {
    void start();

    /** Whether something may be sent. */
    boolean isReady();

    void send(Publication publication);

    void close();
}
