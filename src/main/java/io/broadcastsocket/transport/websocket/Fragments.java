package io.broadcastsocket.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * The fragments of one message that have come so far (RFC 6455, section 5.4).
 *
 * <p>Event loop only; exists only while a fragmented message is under way.
 */
final class Fragments {
    private final ByteBuf bytes;

    Fragments(ByteBufAllocator allocator) {
        bytes = allocator.buffer(256);
    }

    int size() {
        return bytes.readableBytes();
    }

    void add(WebSocketFrame frame) {
        bytes.writeBytes(frame.content());
    }

    ByteBuf message() {
        return bytes;
    }

    void release() {
        bytes.release();
    }
}
