package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/** Takes the text frames of one connection where they lie in the shared read buffer. */
interface FrameSink {

    /** One whole text frame: its payload is {@code length} bytes from {@code start}; {@code now} is when it was read. */
    void text(Connection connection, ByteBuffer buffer, int start, int length, long now);
}
