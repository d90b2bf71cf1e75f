package io.broadcastsocket.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;

/**
 * The way out of a connection: complete frames as bytes, straight to the socket when nothing waits there, through Netty's
 * outbound buffer otherwise.
 *
 * <p>Event loop only.
 */
final class FrameWriter {
    /**
     * No client that reads comes here: commands wait while replies do, so only replies to commands that were under way at
     * once can pile up. A page of history has 256 KB at most, unless one publication is larger.
     */
    static final long MOST_PENDING_BYTES = 16 * 1024 * 1024;

    private final ChannelHandlerContext ctx;
    private final Socket socket;

    /** Something may wait in Netty's outbound buffer; false means that certainly nothing does. */
    private boolean inNetty = true;

    private boolean unflushed;

    FrameWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.socket = DirectSend.of(ctx.channel());
    }

    /** Whether so little waits that more may be written. */
    boolean isWritable() {
        return !inNetty || ctx.channel().isWritable();
    }

    /** Whether everything that was written has left this process. */
    boolean isFlushed() {
        return pendingBytes() == 0;
    }

    /** Whether more waits than one connection may ever have. */
    boolean isOverflowing() {
        return inNetty && pendingBytes() > MOST_PENDING_BYTES;
    }

    /** Writes without flushing; releases the bytes. */
    void write(ByteBuf bytes) {
        inNetty = true;
        unflushed = true;
        ctx.write(bytes, ctx.voidPromise());
    }

    /** Writes and flushes bytes that stay the caller's. */
    void send(ByteBuf bytes) {
        int sent = isIdle() ? DirectSend.send(socket, bytes) : 0;
        int left = bytes.readableBytes() - sent;
        if (left > 0) {
            write(bytes.retainedSlice(bytes.readerIndex() + sent, left));
            flush();
        }
    }

    void flush() {
        unflushed = false;
        ctx.flush();
    }

    /** Whether something was written since the last flush. */
    boolean isUnflushed() {
        return unflushed;
    }

    /** Whether nothing waits in Netty's buffer, so that bytes sent directly keep the order. */
    private boolean isIdle() {
        if (inNetty && isFlushed()) {
            inNetty = false;
        }
        return !inNetty;
    }

    private long pendingBytes() {
        ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }
}
