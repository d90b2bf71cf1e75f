package io.broadcastsocket.transport.websocket;

import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.session.ClientSession;
import io.broadcastsocket.session.Peer;
import io.broadcastsocket.session.SessionServices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket after its handshake: frames in, frames out, and how it ends.
 *
 * <p>Event loop only. It is the last handler of its channel's pipeline.
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
    private FrameWriter out;
    private FrameReader in;
    private ClientSession session;
    private State state = State.OPEN;
    private boolean inRead;

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
        out = new FrameWriter(context);
        in = new FrameReader(this, context.channel(), connections.maxMessageBytes());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (state == State.OPEN && message instanceof WebSocketFrame frame) {
                inRead = true;
                pinged = false;
                in.accept(frame);
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
        flushWritten();
    }

    /** Whether the connection goes on and the client takes its replies, so that it may have more of them. */
    boolean takesMore() {
        if (state == State.OPEN && !out.isWritable()) {
            flush();
        }
        return isWritable();
    }

    void receivedPing(ByteBuf payload) {
        out.write(ControlFrames.pong(ctx.alloc(), payload));
    }

    void receivedPong(ByteBuf payload) {
        if (payload.readableBytes() == 4 && payload.getInt(payload.readerIndex()) == pingNumber) {
            session.subscriber().ponged();
        }
    }

    void receivedClose(int status) {
        end(status > MAX_STATUS ? ControlFrames.close(CloseCode.PROTOCOL_ERROR) : ControlFrames.closeEcho(status));
        ctx.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state == State.OPEN && ctx.channel().isWritable()) {
            services.shard().writable(session.subscriber());
            if (in.isFull()) {
                // A client that takes what was sent is alive; its pong may be among what was not read.
                pinged = false;
                ctx.executor().execute(this::readOn);
            }
        }
    }

    /** The client takes its replies again: handles the commands that had to wait. */
    private void readOn() {
        inRead = true;
        try {
            in.readOn();
        } catch (RuntimeException failure) {
            exceptionCaught(ctx, failure);
        }
        inRead = false;
        flushWritten();
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
        return state == State.OPEN && out.isWritable();
    }

    @Override
    public void write(String channel, ByteBuf frames, long first) {
        write(frames);
    }

    @Override
    public void flush() {
        out.flush();
        pauseIfFull();
    }

    private void flushWritten() {
        if (out.isUnflushed()) {
            flush();
        }
    }

    /** Stops reading from a client that does not take its replies; from then on it counts as stalled. */
    private void pauseIfFull() {
        if (state == State.OPEN && !out.isWritable()) {
            in.full();
            services.shard().stalled(session.subscriber());
        }
    }

    @Override
    public void send(String channel, ByteBuf frames, long first) {
        if (state == State.OPEN) {
            out.send(frames);
            pauseIfFull();
        }
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
        if (state == State.OPEN && !out.isOverflowing()) {
            out.write(frame);
            return;
        }
        frame.release();
        if (state == State.OPEN) {
            // Not at once: whoever sends a reply goes on with an open session.
            ctx.executor().execute(this::overflowed);
        }
    }

    @Override
    public void pauseReading() {
        in.opening(true);
    }

    @Override
    public void resumeReading() {
        in.opening(false);
    }

    /** Whether the client has got its welcome, before which it must get nothing else. */
    boolean isWelcomed() {
        return session.isOpen();
    }

    // Heartbeat

    /**
     * Sends a ping, in both forms, unless what was sent before still waits for the client to take it, or nothing was sent yet:
     * the welcome comes first, and until then nothing is read that could be an answer.
     */
    void ping(ByteBuf pings, int number) {
        if (isWritable() && isWelcomed()) {
            pinged = true;
            pingNumber = number;
            session.subscriber().pinged();
            out.send(pings);
        }
    }

    /**
     * Whether a ping has remained without any answer though all that was sent has left this process. While something
     * waits here, the client is slow rather than dead, and the hub's limit for slow consumers counts.
     */
    boolean isDead() {
        return pinged && out.isFlushed();
    }

    // How it ends

    @Override
    public void tooSlow() {
        close(CloseCode.SLOW_CONSUMER);
        ctx.close();
    }

    private void overflowed() {
        if (state == State.OPEN) {
            services.stats().slowConsumers.increment();
            tooSlow();
        }
    }

    /** Sends a close frame and waits for the client's, as long as the wheel allows. */
    @Override
    public void close(CloseCode code) {
        if (state == State.OPEN) {
            end(ControlFrames.close(code));
            connections.closing(this);
        }
    }

    /** Cuts the connection without waiting for the client. */
    void cut() {
        ctx.close();
    }

    /** Whether everything that was written has left this process. */
    boolean isFlushed() {
        return out.isFlushed();
    }

    /** Whether the session has ended and only the client's close frame is awaited. */
    boolean isClosing() {
        return state == State.CLOSING;
    }

    private void end(ByteBuf closeFrame) {
        ctx.writeAndFlush(closeFrame, ctx.voidPromise());
        state = State.CLOSING;
        in.end();
        session.closed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.OPEN) {
            session.closed();
        }
        state = State.CLOSED;
        in.release();
        connections.closed(this);
    }
}
