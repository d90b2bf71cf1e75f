package io.broadcastsocket.transport.websocket;

import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.protocol.Replies;
import io.broadcastsocket.session.SessionServices;
import io.broadcastsocket.stats.WorkerStats;
import io.broadcastsocket.transport.ClientAddress;
import io.broadcastsocket.transport.OriginPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The WebSockets of one worker: who gets in, who is still alive, and how all are sent away.
 *
 * <p>Event loop only.
 */
public final class WebSocketGateway implements ConnectionServices {
    /** How long a client may take to answer a close frame. */
    private static final long CLOSING_MS = 5000;

    private static final Set<String> STANDING = Set.of(ChannelName.EVERYONE);

    private record Closing(WebSocketConnection connection, long deadline) {}

    private final Node node;
    private final ServerConfig.Limits limits;
    private final SessionServices services;
    private final OriginPolicy origins;
    private final HeartbeatWheel wheel;
    private final HandshakeDeadlines handshakes;
    private final Deque<Closing> closing = new ArrayDeque<>();
    private WebSocketConnection canary;
    private int ticks;

    public WebSocketGateway(Node node, SessionServices services) {
        ServerConfig config = node.config();
        this.node = node;
        this.limits = config.limits();
        this.services = services;
        this.origins = new OriginPolicy(config.origins());
        this.wheel = new HeartbeatWheel(
                config.heartbeat().intervalMs(), config.heartbeat().timeoutMs());
        this.handshakes = new HandshakeDeadlines(limits.handshakeMs());
    }

    /** A TCP connection was accepted; it has a while to send its first request. */
    public void accepted(HttpConnection connection) {
        handshakes.began(connection, now());
        connection.closeHandler(closed -> handshakes.ended(connection));
    }

    /** A complete request has come on this connection. */
    public void requested(HttpConnection connection) {
        handshakes.ended(connection);
    }

    /** Whether a request wants to become a WebSocket. */
    public static boolean isUpgrade(HttpServerRequest request) {
        return WebSocketHandshake.isUpgrade(request);
    }

    /** Answers a handshake: the connection becomes a WebSocket, or gets an HTTP status that says why not. */
    public void upgrade(HttpServerRequest request) {
        Optional<WebSocketHandshake.Problem> problem = WebSocketHandshake.check(request);
        boolean isCanary = node.canarySecret().equals(request.getParam("canary"));
        if (problem.isPresent()) {
            refuse(request, problem.get().status(), problem.get().detail());
        } else if (!origins.allows(request.getHeader(HttpHeaders.ORIGIN), request.getHeader(HttpHeaders.HOST))) {
            refuse(request, 403, "this origin is not allowed");
        } else if (node.readiness().isDraining()) {
            refuse(request, 503, "this node is going away");
        } else if (!isCanary && !node.admit()) {
            refuse(request, 503, "this node has as many connections as it may have");
        } else {
            open(request, isCanary);
        }
    }

    private void open(HttpServerRequest request, boolean isCanary) {
        Dialect dialect = Dialect.negotiate(WebSocketHandshake.offered(request));
        String addressKey =
                ClientAddress.of(request, node.config().trustedProxyHops()).key();
        WebSocketConnection connection = new WebSocketConnection(this, services, dialect, addressKey);
        if (isCanary) {
            canary = connection;
        }
        Optional<String> subprotocol = dialect == Dialect.V1 ? Optional.of(Dialect.SUBPROTOCOL_V1) : Optional.empty();
        byte[] response = WebSocketHandshake.response(request.getHeader("Sec-WebSocket-Key"), subprotocol);
        Channel channel = LeanPipeline.channel(request);
        LeanPipeline.install(request, response, connection);
        connection.open(
                Optional.ofNullable(request.getParam("session")), isCanary ? Set.of(node.canaryChannel()) : STANDING);
        LeanPipeline.readFrames(channel, limits.messageBytes());
    }

    private static void refuse(HttpServerRequest request, int status, String detail) {
        request.response()
                .setStatusCode(status)
                .putHeader("Sec-WebSocket-Version", "13")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(detail + "\n");
    }

    @Override
    public int maxMessageBytes() {
        return limits.messageBytes();
    }

    @Override
    public void opened(WebSocketConnection connection) {
        wheel.add(connection);
        if (connection != canary) {
            stats().connections.increment();
            stats().accepted.increment();
        }
    }

    @Override
    public void closing(WebSocketConnection connection) {
        closing.add(new Closing(connection, now() + CLOSING_MS));
    }

    @Override
    public void closed(WebSocketConnection connection) {
        wheel.remove(connection);
        if (connection == canary) {
            canary = null;
        } else {
            stats().connections.decrement();
            node.leave();
        }
    }

    /** Milliseconds between two calls of {@link #tick}. */
    public long tickMs() {
        return HeartbeatWheel.tickMs(node.config().heartbeat().intervalMs());
    }

    /** Sends the pings that are due and ends what is overdue. */
    public void tick() {
        ticks++;
        ByteBuf pings =
                Unpooled.directBuffer(96).writeBytes(ControlFrames.ping(ticks)).writeBytes(Replies.ping(now()));
        wheel.tick(pings, ticks, dead -> {
            stats().deadPeers.increment();
            dead.close(CloseCode.HEARTBEAT_TIMEOUT);
            dead.cut();
        });
        pings.release();
        handshakes.closeOverdue(now());
        cutOverdue();
        closeIdle();
    }

    /** Ends the connection of a client; false when it is not on this worker. */
    public boolean disconnect(String clientId) {
        for (WebSocketConnection connection : wheel.all()) {
            if (connection != canary
                    && !connection.isClosing()
                    && connection.clientId().equals(clientId)) {
                connection.close(CloseCode.DISCONNECTED);
                return true;
            }
        }
        return false;
    }

    /** Tells all clients that understand it, and were welcomed, that this node goes away. */
    public void announceDrain(long spreadMs, long deadlineMs) {
        byte[] drain = Replies.drain(spreadMs, deadlineMs, now());
        for (WebSocketConnection connection : wheel.all()) {
            if (connection.dialect() == Dialect.V1 && connection.isWelcomed()) {
                connection.send(drain);
            }
        }
    }

    /** All connections in random order, for a drain that closes them one after the other. */
    public List<Runnable> closers() {
        List<Runnable> closers = new ArrayList<>();
        for (WebSocketConnection connection : wheel.all()) {
            closers.add(() -> {
                if (connection.isFlushed()) {
                    connection.close(CloseCode.SERVICE_RESTART);
                }
            });
        }
        Collections.shuffle(closers);
        return closers;
    }

    /** Closes all that are left, also those that have not taken everything. */
    public void closeAll() {
        wheel.all().forEach(connection -> connection.close(CloseCode.SERVICE_RESTART));
    }

    /** Cuts all that are left, also those that have not answered the close frame. */
    public void cutAll() {
        wheel.all().forEach(WebSocketConnection::cut);
    }

    /** Connections that are not closed yet. */
    public int open() {
        return wheel.size();
    }

    private void cutOverdue() {
        while (!closing.isEmpty() && closing.peek().deadline() <= now()) {
            WebSocketConnection overdue = closing.poll().connection();
            if (overdue.isClosing()) {
                overdue.cut();
            }
        }
    }

    private void closeIdle() {
        boolean onceASecond = ticks % Math.max(1, 1000 / tickMs()) == 0;
        if (limits.idleMs() == 0 || !onceASecond) {
            return;
        }
        long limit = now() - limits.idleMs();
        for (WebSocketConnection connection : wheel.all()) {
            if (connection != canary && connection.session().isIdleSince(limit)) {
                connection.close(CloseCode.IDLE);
            }
        }
    }

    private WorkerStats stats() {
        return services.stats();
    }

    private long now() {
        return node.clock().millis();
    }
}
