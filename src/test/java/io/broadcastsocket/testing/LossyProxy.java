package io.broadcastsocket.testing;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A WebSocket proxy in front of a loopback port that does to one {@code message} what a server must never do.
 *
 * <p>Thread-safe.
 */
public final class LossyProxy implements AutoCloseable {
    /** What becomes of that message. */
    public enum Fault {
        LOSE,
        REPEAT
    }

    private static final int DEADLINE_SECONDS = 10;
    /** A page of a history comes in one frame. */
    private static final int MOST_BYTES = 64 << 20;

    private static final String MESSAGE = "{\"type\":\"message\"";
    private static final String SUBPROTOCOL = "broadcast.v1";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(10_000)
            .setMaxFrameSize(MOST_BYTES)
            .setMaxMessageSize(MOST_BYTES));
    private final HttpServer server;
    private final int target;
    private final Fault fault;
    private final int victim;
    private final String channel;
    private final AtomicInteger messages = new AtomicInteger();

    /**
     * @param channel a word in the name of the channel concerned
     * @param victim the number of the message, of all that pass, from 1
     */
    public LossyProxy(int target, Fault fault, String channel, int victim) {
        this.target = target;
        this.fault = fault;
        this.channel = channel;
        this.victim = victim;
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setMaxWebSocketFrameSize(MOST_BYTES)
                        .setMaxWebSocketMessageSize(MOST_BYTES)
                        .setWebSocketSubProtocols(List.of(SUBPROTOCOL)))
                .webSocketHandler(this::carry);
        try {
            server.listen(0, "127.0.0.1").await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        try {
            vertx.close().await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private void carry(ServerWebSocket near) {
        near.pause();
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(target)
                .setURI(near.uri());
        if (near.subProtocol() != null) {
            options.addSubProtocol(near.subProtocol());
        }
        client.connect(options).onSuccess(far -> join(near, far)).onFailure(refused -> near.close());
    }

    private void join(ServerWebSocket near, WebSocket far) {
        far.textMessageHandler(text -> {
            boolean chosen = text.startsWith(MESSAGE) && text.contains(channel) && messages.incrementAndGet() == victim;
            for (int copies = copies(chosen); copies > 0; copies--) {
                near.writeTextMessage(text);
            }
        });
        near.textMessageHandler(far::writeTextMessage);
        near.closeHandler(closed -> far.close());
        far.closeHandler(closed -> near.close());
        near.resume();
    }

    private int copies(boolean chosen) {
        if (!chosen) {
            return 1;
        }
        return fault == Fault.LOSE ? 0 : 2;
    }
}
