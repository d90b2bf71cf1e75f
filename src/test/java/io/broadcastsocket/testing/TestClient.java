package io.broadcastsocket.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A WebSocket client (the JDK's) that keeps what it receives; every wait has a deadline and tells what it saw. */
public final class TestClient implements AutoCloseable, WebSocket.Listener {
    /** How long a wait may take. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Stands behind the last text once the connection has ended; compared by identity. */
    private static final String END = new String("end");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final LinkedBlockingDeque<String> texts = new LinkedBlockingDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile String closeReason = "";
    private WebSocket socket;
    private JsonObject welcome;

    private TestClient() {}

    /** Connects and waits for the welcome. */
    public static TestClient connect(int port, String path, String... subprotocols) {
        TestClient client = open(HTTP.newWebSocketBuilder(), port, path, subprotocols);
        client.welcome = client.awaitType("ack");
        return client;
    }

    /** Connects; empty when the connection was closed before its welcome. */
    public static Optional<TestClient> tryToConnect(int port, String path) {
        TestClient client = open(HTTP.newWebSocketBuilder(), port, path);
        Optional<String> first = client.next(text -> true);
        first.ifPresent(text -> client.welcome = new JsonObject(text));
        return first.map(text -> client);
    }

    /** Connects with a builder that has headers set, without waiting for the welcome. */
    public static TestClient open(WebSocket.Builder builder, int port, String path, String... subprotocols) {
        TestClient client = new TestClient();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0], java.util.Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
        }
        client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), client)
                .join();
        return client;
    }

    /** A builder for {@link #open}. */
    public static WebSocket.Builder builder() {
        return HTTP.newWebSocketBuilder();
    }

    /** The {@code data} of the ack on open. */
    public JsonObject welcome() {
        return welcome.getJsonObject("data");
    }

    public String session() {
        return welcome().getString("session");
    }

    public String clientId() {
        return welcome().getString("clientId");
    }

    public WebSocket socket() {
        return socket;
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    /** Sends, and tells whether the connection was still there for it. */
    public boolean sendIfOpen(String text) {
        try {
            send(text);
            return true;
        } catch (CompletionException ended) {
            if (ended.getCause() instanceof IOException) {
                return false;
            }
            throw ended;
        }
    }

    public void send(JsonObject message) {
        send(message.encode());
    }

    /** Sends a command and waits for the reply with its messageId. */
    public JsonObject request(JsonObject command) {
        String id = command.getString("messageId", "r" + System.nanoTime());
        send(command.copy().put("messageId", id));
        return await(message -> id.equals(message.getString("messageId"))
                && (message.getString("type").equals("ack")
                        || message.getString("type").equals("error")));
    }

    public JsonObject subscribe(String channel) {
        return request(new JsonObject().put("type", "subscribe").put("channel", channel));
    }

    public JsonObject broadcast(String channel, Object data) {
        return request(new JsonObject()
                .put("type", "broadcast")
                .put("channel", channel)
                .put("data", data));
    }

    /** The next message of a type; others that come before it are dropped. */
    public JsonObject awaitType(String type) {
        return await(message -> type.equals(message.getString("type")));
    }

    /** The next publication of a channel. */
    public JsonObject awaitMessage(String channel) {
        return await(
                message -> "message".equals(message.getString("type")) && channel.equals(message.getString("channel")));
    }

    /** The next message that fits; others that come before it are dropped. */
    public JsonObject await(Predicate<JsonObject> wanted) {
        return new JsonObject(awaitText(text -> wanted.test(new JsonObject(text))));
    }

    /** The same as text, to see its bytes. */
    public String awaitText(Predicate<String> wanted) {
        return next(wanted)
                .orElseThrow(() -> new AssertionError(
                        "closed with " + closed.join() + " " + closeReason + ", and nothing that fits; saw " + seen));
    }

    /** Empty when the connection was closed before. */
    private Optional<String> next(Predicate<String> wanted) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (true) {
                String text = texts.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (text == null) {
                    throw new AssertionError("nothing that fits within " + DEADLINE + "; saw " + seen);
                }
                if (text == END) {
                    texts.add(END);
                    return Optional.empty();
                }
                seen.add(text);
                if (wanted.test(text)) {
                    return Optional.of(text);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Everything that has come and was not waited for. */
    public List<JsonObject> drain() {
        List<String> all = new ArrayList<>();
        texts.drainTo(all);
        if (all.remove(END)) {
            texts.add(END);
        }
        seen.addAll(all);
        return all.stream().map(JsonObject::new).toList();
    }

    /** Waits for the end of the connection; gives its close code, 1006 when it was cut. */
    public int awaitClose() {
        try {
            return closed.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("not closed; saw " + seen + texts, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    public String closeReason() {
        return closeReason;
    }

    /** Cuts the connection without a close frame. */
    public void abort() {
        socket.abort();
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            texts.add(partial.toString());
            partial.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        throw new AssertionError("the server never sends binary frames");
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closeReason = reason;
        end(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end(1006);
    }

    private void end(int statusCode) {
        if (closed.complete(statusCode)) {
            texts.add(END);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
