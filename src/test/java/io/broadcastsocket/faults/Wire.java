package io.broadcastsocket.faults;

import io.broadcastsocket.testing.TestClient;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket that hands on what it receives at once.
 *
 * <p>Thread-safe.
 */
final class Wire implements WebSocket.Listener {
    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    private final Consumer<JsonObject> receiver;
    private final Runnable onEnd;
    private final StringBuilder partial = new StringBuilder();
    private CompletableFuture<WebSocket> written;
    private volatile boolean over;

    private Wire(Consumer<JsonObject> receiver, Runnable onEnd) {
        this.receiver = receiver;
        this.onEnd = onEnd;
    }

    /** @param onEnd called when the connection could not be made or has ended; more than once at times */
    static Wire open(int port, Consumer<JsonObject> receiver, Runnable onEnd) {
        Wire wire = new Wire(receiver, onEnd);
        wire.written = TestClient.builder()
                .subprotocols("broadcast.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), wire);
        wire.written.whenComplete((socket, failure) -> {
            if (failure != null) {
                log.info("no connection port={} reason={}", port, failure.toString());
                wire.end();
            }
        });
        return wire;
    }

    synchronized void send(JsonObject message) {
        written = written.thenCompose(socket -> socket.sendText(message.encode(), true));
    }

    /** Whether the connection could not be made or has ended, also when that was before anybody knew of it. */
    boolean isOver() {
        return over;
    }

    private void end() {
        over = true;
        onEnd.run();
    }

    synchronized void abort() {
        written.thenAccept(WebSocket::abort);
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            JsonObject message = new JsonObject(partial.toString());
            partial.setLength(0);
            receiver.accept(message);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        end();
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end();
    }
}
