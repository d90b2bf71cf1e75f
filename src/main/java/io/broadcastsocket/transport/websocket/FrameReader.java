package io.broadcastsocket.transport.websocket;

import io.broadcastsocket.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The way into a connection: puts messages together and hands them on, as fast as the client takes the replies.
 *
 * <p>Event loop only. While the client does not take what was sent, nothing is read from its socket. Frames that were
 * decoded by then wait here; they are no more than one read of the socket brings.
 */
final class FrameReader {
    private final WebSocketConnection connection;
    private final Channel channel;
    private final int maxMessageBytes;
    private Fragments fragments;
    private boolean opening;
    private boolean full;

    /** Frames in the order of their arrival, or null when none waits. */
    private Deque<WebSocketFrame> waiting;

    FrameReader(WebSocketConnection connection, Channel channel, int maxMessageBytes) {
        this.connection = connection;
        this.channel = channel;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Takes the next frame of the client, which stays the caller's. */
    void accept(WebSocketFrame frame) {
        if (waiting == null && connection.takesMore()) {
            read(frame);
        } else {
            waiting = waiting == null ? new ArrayDeque<>() : waiting;
            waiting.add(frame.retain());
        }
    }

    /** Nothing is read while the session opens. */
    void opening(boolean value) {
        opening = value;
        update();
    }

    /** The client does not take what was sent: reads nothing until {@link #readOn}. */
    void full() {
        full = true;
        update();
    }

    boolean isFull() {
        return full;
    }

    /** Handles the frames that had to wait, as long as the client takes the replies, and then reads from the socket again. */
    void readOn() {
        while (waiting != null && connection.takesMore()) {
            WebSocketFrame next = waiting.poll();
            if (next == null) {
                waiting = null;
            } else {
                readAndRelease(next);
            }
        }
        if (waiting == null && connection.takesMore()) {
            full = false;
            update();
        }
    }

    /** The connection ends: forgets what has come, and whatever else comes is read only to be thrown away. */
    void end() {
        release();
        opening = false;
        full = false;
        update();
    }

    /** Forgets what has come. */
    void release() {
        if (waiting != null) {
            waiting.forEach(WebSocketFrame::release);
            waiting = null;
        }
        releaseFragments();
    }

    private void update() {
        boolean reads = !opening && !full;
        if (channel.config().isAutoRead() != reads) {
            channel.config().setAutoRead(reads);
        }
    }

    private void readAndRelease(WebSocketFrame frame) {
        try {
            read(frame);
        } finally {
            frame.release();
        }
    }

    private void read(WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            readText(frame);
        } else if (frame instanceof PongWebSocketFrame) {
            connection.receivedPong(frame.content());
        } else if (frame instanceof PingWebSocketFrame) {
            connection.receivedPing(frame.content());
        } else if (frame instanceof CloseWebSocketFrame close) {
            connection.receivedClose(close.statusCode());
        } else if (frame instanceof BinaryWebSocketFrame) {
            connection.close(CloseCode.UNSUPPORTED_DATA);
        }
    }

    private void readText(WebSocketFrame frame) {
        if (fragments == null && frame.isFinalFragment()) {
            receive(frame.content());
            return;
        }
        if (fragments == null) {
            fragments = new Fragments(channel.alloc());
        }
        if (fragments.size() + frame.content().readableBytes() > maxMessageBytes) {
            connection.close(CloseCode.MESSAGE_TOO_BIG);
            return;
        }
        fragments.add(frame);
        if (frame.isFinalFragment()) {
            Fragments whole = fragments;
            fragments = null;
            receive(whole.message());
            whole.release();
        }
    }

    private void receive(ByteBuf text) {
        if (ByteBufUtil.isText(text, StandardCharsets.UTF_8)) {
            connection.session().received(ByteBufUtil.getBytes(text));
        } else {
            connection.close(CloseCode.INVALID_UTF8);
        }
    }

    private void releaseFragments() {
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
    }
}
