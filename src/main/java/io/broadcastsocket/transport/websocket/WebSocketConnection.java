package io.broadcastsocket.transport.websocket;

import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.session.ClientSession;
import io.broadcastsocket.session.Peer;
import io.broadcastsocket.session.SessionServices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket after its handshake: frames in, frames out, and how it ends.
 *
 * <p>Event loop only. It is the last handler of its channel's pipeline and writes complete frames as bytes; nothing is
 * queued here, so back-pressure is the channel's writability.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Outlet, Peer {
    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    /** RFC 6455, section 7.4.2 has no meaning for statuses beyond; Netty's decoder lets them pass. */
    private static final int MAX_STATUS = 4999;

    private enum State {
        OPEN,
        /** A close frame was sent; what the client still sends is read and thrown away. */
        CLOSING,
        CLOSED
    }

    private final ConnectionServices connections;
    private final SessionServices services;
    private final Dialect dialect;
    private final String addressKey;
    private ChannelHandlerContext ctx;
    private ClientSession session;
    private State state = State.OPEN;
    private Fragments fragments;
    private boolean inRead;
    private boolean written;

    /** Something may wait in Netty's outbound buffer; false means that certainly nothing does. */
    private boolean inNetty = true;

    private Socket socket;

    // Owned by the heartbeat wheel
    int wheelSlot;
    int wheelIndex;
    private int pingNumber;
    private boolean pinged;

    WebSocketConnection(ConnectionServices connections, SessionServices services, Dialect dialect, String addressKey) {
        this.connections = connections;
        this.services = services;
        this.dialect = dialect;
        this.addressKey = addressKey;
    }

    /** Begins, once it is in the pipeline and the handshake was answered. */
    void open(Optional<String> sessionToken, Set<String> standingChannels) {
        session = new ClientSession(services, this, standingChannels);
        connections.opened(this);
        session.open(sessionToken);
    }

    ClientSession session() {
        return session;
    }

    // Frames in

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        socket = DirectSend.of(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (state == State.OPEN && message instanceof WebSocketFrame frame) {
                inRead = true;
                pinged = false;
                read(frame);
            } else if (state == State.CLOSING && message instanceof CloseWebSocketFrame) {
                ctx.close();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inRead = false;
        if (written) {
            flush();
        }
    }

    private void read(WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            readText(frame);
        } else if (frame instanceof PongWebSocketFrame) {
            readPong(frame.content());
        } else if (frame instanceof PingWebSocketFrame) {
            ctxWrite(ControlFrames.pong(ctx.alloc(), frame.content()));
            written = true;
        } else if (frame instanceof CloseWebSocketFrame close) {
            end(
                    close.statusCode() > MAX_STATUS
                            ? ControlFrames.close(CloseCode.PROTOCOL_ERROR)
                            : ControlFrames.closeEcho(close.statusCode()));
            ctx.close();
        } else if (frame instanceof BinaryWebSocketFrame) {
            close(CloseCode.UNSUPPORTED_DATA);
        }
    }

    private void readText(WebSocketFrame frame) {
        if (fragments == null && frame.isFinalFragment()) {
            receive(frame.content());
            return;
        }
        if (fragments == null) {
            fragments = new Fragments(ctx.alloc());
        }
        if (fragments.size() + frame.content().readableBytes() > connections.maxMessageBytes()) {
            close(CloseCode.MESSAGE_TOO_BIG);
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
        if (!ByteBufUtil.isText(text, StandardCharsets.UTF_8)) {
            close(CloseCode.INVALID_UTF8);
            return;
        }
        session.received(ByteBufUtil.getBytes(text));
    }

    private void readPong(ByteBuf payload) {
        if (payload.readableBytes() == 4 && payload.getInt(payload.readerIndex()) == pingNumber) {
            session.subscriber().ponged();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state == State.OPEN && ctx.channel().isWritable()) {
            services.shard().writable(session.subscriber());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            close(
                    violation.closeStatus().code() == CloseCode.MESSAGE_TOO_BIG.status()
                            ? CloseCode.MESSAGE_TOO_BIG
                            : CloseCode.PROTOCOL_ERROR);
        } else if (cause instanceof IOException) {
            ctx.close();
        } else {
            log.error("connection failed clientId={}", clientId(), cause);
            close(CloseCode.INTERNAL_ERROR);
        }
    }

    // Frames out

    @Override
    public String clientId() {
        return session.clientId();
    }

    @Override
    public Outlet outlet() {
        return this;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public String addressKey() {
        return addressKey;
    }

    @Override
    public boolean isWritable() {
        return state == State.OPEN && (!inNetty || ctx.channel().isWritable());
    }

    @Override
    public void write(String channel, ByteBuf frames, long first) {
        if (state == State.OPEN) {
            ctxWrite(frames);
        } else {
            frames.release();
        }
    }

    @Override
    public void flush() {
        written = false;
        ctx.flush();
    }

    @Override
    public void send(String channel, ByteBuf frames, long first) {
        if (state != State.OPEN) {
            return;
        }
        int sent = isIdle() ? DirectSend.send(socket, frames) : 0;
        int left = frames.readableBytes() - sent;
        if (left > 0) {
            ctxWrite(frames.retainedSlice(frames.readerIndex() + sent, left));
            ctx.flush();
        }
    }

    /** Whether nothing waits in Netty's buffer, so that bytes sent directly keep the order. */
    private boolean isIdle() {
        if (inNetty && isFlushed()) {
            inNetty = false;
        }
        return !inNetty;
    }

    private void ctxWrite(ByteBuf bytes) {
        inNetty = true;
        ctx.write(bytes, ctx.voidPromise());
    }

    @Override
    public void announce(Gap gap) {
        write(Unpooled.wrappedBuffer(dialect.gap(gap, services.clock().millis())));
    }

    @Override
    public void send(byte[] frame) {
        write(Unpooled.wrappedBuffer(frame));
        if (!inRead) {
            flush();
        }
    }

    private void write(ByteBuf frame) {
        if (state == State.OPEN) {
            ctxWrite(frame);
            written = true;
        } else {
            frame.release();
        }
    }

    @Override
    public void pauseReading() {
        ctx.channel().config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        ctx.channel().config().setAutoRead(true);
    }

    // Heartbeat

    /** Sends a ping, in both forms, unless what was sent before still waits for the client to take it. */
    void ping(ByteBuf pings, int number) {
        if (isWritable()) {
            pinged = true;
            pingNumber = number;
            session.subscriber().pinged();
            ctxWrite(pings.retainedDuplicate());
            ctx.flush();
        }
    }

    /**
     * Whether a ping has remained without any answer though all that was sent has left this process. While something
     * waits here, the client is slow rather than dead, and the hub's limit for slow consumers counts.
     */
    boolean isDead() {
        return pinged && isFlushed();
    }

    // How it ends

    @Override
    public void tooSlow() {
        close(CloseCode.SLOW_CONSUMER);
        ctx.close();
    }

    /** Sends a close frame and waits for the client's, as long as the wheel allows. */
    @Override
    public void close(CloseCode code) {
        if (state == State.OPEN) {
            end(ControlFrames.close(code));
            connections.closing(this);
            resumeReading();
        }
    }

    /** Cuts the connection without waiting for the client. */
    void cut() {
        ctx.close();
    }

    /** Whether everything that was written has left this process. */
    boolean isFlushed() {
        ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
        return pending == null || pending.totalPendingWriteBytes() == 0;
    }

    /** Whether the session has ended and only the client's close frame is awaited. */
    boolean isClosing() {
        return state == State.CLOSING;
    }

    private void end(ByteBuf closeFrame) {
        ctx.writeAndFlush(closeFrame, ctx.voidPromise());
        state = State.CLOSING;
        releaseFragments();
        session.closed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.OPEN) {
            session.closed();
        }
        state = State.CLOSED;
        releaseFragments();
        connections.closed(this);
    }

    private void releaseFragments() {
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
    }
}
