package io.broadcastsocket.transport.websocket;

/**
 * What a connection needs of its worker.
 *
 * <p>Event loop only.
 */
interface ConnectionServices {
    int maxMessageBytes();

    void opened(WebSocketConnection connection);

    /** A close frame was sent; the connection is cut when the client does not answer in time. */
    void closing(WebSocketConnection connection);

    void closed(WebSocketConnection connection);
}
