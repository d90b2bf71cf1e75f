package io.broadcastsocket.verify.wire;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens connections and watches that they are not silent.
 *
 * <p>Event loop only.
 */
public final class Wires {
    private static final int CONNECT_MS = 2000;
    private static final int HTTP_CONNECTIONS = 16;
    private static final long WATCH_MS = 100;
    private static final int MOST_CONNECTIONS = 1_000_000;
    /** A page of a history comes in one frame. */
    private static final int MOST_BYTES = 256 << 20;

    private static final String SUBPROTOCOL = "broadcast.v1";

    private final WebSocketClient sockets;
    private final HttpClient http;
    private final long attemptMs;
    private final Set<Wire> open = new LinkedHashSet<>();
    private long silenceMs;
    private int maxMessageBytes = Integer.MAX_VALUE;
    private int maxChannels = Integer.MAX_VALUE;

    /** @param attemptMs after which an attempt to connect is given up */
    public Wires(Vertx vertx, long attemptMs) {
        this.attemptMs = attemptMs;
        sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setClosingTimeout(1)
                .setMaxConnections(MOST_CONNECTIONS)
                .setMaxFrameSize(MOST_BYTES)
                .setMaxMessageSize(MOST_BYTES));
        http = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout(CONNECT_MS))
                .with(new PoolOptions().setHttp1MaxSize(HTTP_CONNECTIONS))
                // What was asked on a connection fails with it; the rest interests nobody.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
        vertx.setPeriodic(WATCH_MS, timer -> watch());
    }

    public HttpClient http() {
        return http;
    }

    /** The longest silence after which a connection is given up; 0 before the first welcome. */
    public long silenceMs() {
        return silenceMs;
    }

    /** The largest message that every node takes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** The number of subscriptions that every node allows to a connection. */
    public int maxChannels() {
        return maxChannels;
    }

    /** Opens one that understands gaps and drains as such. */
    public Wire open(Endpoint endpoint, String path, Wire.Events events) {
        return open(endpoint, path, events, List.of(SUBPROTOCOL));
    }

    /** Opens one as a client that knows the four message types only. */
    public Wire openPlain(Endpoint endpoint, String path, Wire.Events events) {
        return open(endpoint, path, events, List.of());
    }

    private Wire open(Endpoint endpoint, String path, Wire.Events events, List<String> subprotocols) {
        Wire wire = new Wire(this, endpoint, events, attemptMs);
        open.add(wire);
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setSsl(endpoint.tls())
                .setURI(path)
                .setSubProtocols(subprotocols);
        if (endpoint.via() > 0) {
            options.setProxyOptions(new ProxyOptions()
                    .setType(ProxyType.SOCKS5)
                    .setHost("127.0.0.1")
                    .setPort(endpoint.via()));
        }
        sockets.connect(options).onSuccess(wire::opened).onFailure(wire::failed);
        return wire;
    }

    /** The path of a node's URL, for the HTTP client. */
    public static String path(URI base, String path) {
        String prefix = base.getPath() == null ? "" : base.getPath();
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + path;
    }

    void forget(Wire wire) {
        open.remove(wire);
    }

    void learn(JsonObject welcome, long silence) {
        silenceMs = Math.max(silenceMs, silence);
        maxMessageBytes = Math.min(maxMessageBytes, welcome.getInteger("maxMessageBytes", maxMessageBytes));
        maxChannels = Math.min(maxChannels, welcome.getInteger("maxChannels", maxChannels));
    }

    private void watch() {
        long now = System.nanoTime();
        new ArrayList<>(open).forEach(wire -> wire.checkSilence(now));
    }
}
