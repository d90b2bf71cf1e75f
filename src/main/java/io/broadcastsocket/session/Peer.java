package io.broadcastsocket.session;

import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Dialect;

/**
 * What a session needs of the connection it lives on.
 *
 * <p>Event loop only.
 */
public interface Peer {
    /** Sends a complete frame. */
    void send(byte[] frame);

    /** Ends the connection; {@link ClientSession#closed} is called before this returns. */
    void close(CloseCode code);

    /** Stops reading from the client until {@link #resumeReading}. */
    void pauseReading();

    void resumeReading();

    Dialect dialect();

    /** Key of the client's address for rate limits. */
    String addressKey();

    /** Where the hub writes publications. */
    Outlet outlet();
}
