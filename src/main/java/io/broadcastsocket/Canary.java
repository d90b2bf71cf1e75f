package io.broadcastsocket;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.node.Node;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves each second that this node delivers: publishes through the broker and waits for it on a WebSocket to the node's
 * own port.
 *
 * <p>Event loop only.
 */
final class Canary {
    private static final long INTERVAL_MS = 1000;
    private static final Logger log = LoggerFactory.getLogger(Canary.class);

    private final Vertx vertx;
    private final Node node;
    private final WebSocketClient client;
    private final WebSocketConnectOptions target;
    private boolean connecting;
    private WebSocket socket;
    private String lastFailure = "";

    Canary(Vertx vertx, Node node, String host, int port) {
        this.vertx = vertx;
        this.node = node;
        this.client = vertx.createWebSocketClient();
        this.target = new WebSocketConnectOptions()
                .setHost(isWildcard(host) ? "127.0.0.1" : host)
                .setPort(port)
                .setTimeout(INTERVAL_MS * 2)
                .setURI("/?canary=" + node.canarySecret());
    }

    void start() {
        beat();
        vertx.setPeriodic(INTERVAL_MS, timer -> beat());
    }

    private void beat() {
        if (socket == null) {
            connect();
        } else {
            publish();
        }
    }

    private void connect() {
        if (connecting || node.readiness().isDraining()) {
            return;
        }
        connecting = true;
        client.connect(target).onComplete(connected -> {
            connecting = false;
            if (connected.failed()) {
                log.warn("canary cannot connect reason={}", connected.cause().getMessage());
                return;
            }
            socket = connected.result();
            socket.textMessageHandler(this::received);
            socket.exceptionHandler(failure -> log.debug("canary connection failed", failure));
            socket.closeHandler(closed -> socket = null);
        });
    }

    private void publish() {
        byte[] data = Long.toString(System.nanoTime()).getBytes(StandardCharsets.US_ASCII);
        node.broker()
                .append(new Draft(node.canaryChannel(), data, node.ids().message(), Draft.Identity.SERVER, null))
                .onFailure(this::failed);
    }

    /** Said once for each cause, since it comes again each second. */
    private void failed(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        if (!reason.equals(lastFailure)) {
            log.warn("canary cannot publish reason={}", reason);
        }
        lastFailure = reason;
    }

    private void received(String text) {
        JsonObject message = new JsonObject(text);
        String type = message.getString("type");
        if (type.equals("message")) {
            lastFailure = "";
            node.readiness().proven((System.nanoTime() - message.getLong("data")) / 1000);
        } else if (type.equals("ack")) {
            publish();
        }
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }
}
