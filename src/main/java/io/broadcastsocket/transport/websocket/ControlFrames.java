package io.broadcastsocket.transport.websocket;

import io.broadcastsocket.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Unmasked control frames (RFC 6455, section 5.5), as a server sends them. */
final class ControlFrames {
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private ControlFrames() {}

    static ByteBuf close(CloseCode code) {
        byte[] reason = code.reason().getBytes(StandardCharsets.US_ASCII);
        return Unpooled.buffer(4 + reason.length)
                .writeByte(CLOSE)
                .writeByte(2 + reason.length)
                .writeShort(code.status())
                .writeBytes(reason);
    }

    /** Answers a close frame with its own status, or without one when it had none. */
    static ByteBuf closeEcho(int status) {
        return status < 0
                ? Unpooled.buffer(2).writeByte(CLOSE).writeByte(0)
                : Unpooled.buffer(4).writeByte(CLOSE).writeByte(2).writeShort(status);
    }

    /** A ping that carries a number, which the pong brings back. */
    static ByteBuf ping(int number) {
        return Unpooled.buffer(6).writeByte(PING).writeByte(4).writeInt(number);
    }

    /** Answers a ping with its payload, at most 125 bytes. */
    static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
        int length = payload.readableBytes();
        return allocator
                .directBuffer(2 + length)
                .writeByte(PONG)
                .writeByte(length)
                .writeBytes(payload);
    }
}
