package io.broadcastsocket.testing;

import io.broadcastsocket.Main;
import io.broadcastsocket.MainVerticle;
import io.broadcastsocket.broker.cluster.ClusterMembership;
import io.broadcastsocket.config.ConfigLoader;
import io.broadcastsocket.config.ServerConfig;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole server in this JVM, on free loopback ports. */
public final class TestServer implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 20;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Vertx vertx;
    private final MainVerticle verticle;

    private TestServer(Vertx vertx, MainVerticle verticle) {
        this.vertx = vertx;
        this.verticle = verticle;
    }

    /** Starts with the defaults of a test: two workers, no limit on broadcasts, a fast shutdown. */
    public static TestServer start() {
        return start(new JsonObject());
    }

    /** Starts with some keys of the configuration changed. */
    public static TestServer start(JsonObject changes) {
        JsonObject config = new JsonObject()
                .put("host", "127.0.0.1")
                .put("port", 0)
                .put("workers", 2)
                .put("api", new JsonObject().put("port", 0))
                .put("limits", new JsonObject().put("broadcastsPerMinute", 0).put("commandsPerSecond", 0))
                .put("shutdown", new JsonObject().put("spreadMs", 0).put("deadlineMs", 2000))
                .mergeIn(changes, true);
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(config.getInteger("workers") + 3)
                .setPreferNativeTransport(true);
        boolean isClustered = config.getJsonObject("cluster", new JsonObject()).getBoolean("enabled", false);
        return isClustered
                ? clustered(config, options)
                : deploy(Vertx.vertx(options), new MainVerticle(Map.of()), config);
    }

    private static TestServer clustered(JsonObject config, VertxOptions options) {
        ServerConfig checked = new ConfigLoader().load(config, Map.of());
        ClusterMembership membership = Main.membership(checked, () -> {});
        Main.configure(options.getEventBusOptions(), checked.cluster());
        try {
            Vertx vertx = Vertx.builder()
                    .with(options)
                    .withClusterManager(membership.manager())
                    .buildClustered()
                    .await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return deploy(vertx, new MainVerticle(Map.of(), Optional.of(membership)), config);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the node did not join", e);
        }
    }

    private static TestServer deploy(Vertx vertx, MainVerticle verticle, JsonObject config) {
        try {
            vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config))
                    .await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the server did not start", e);
        }
        return new TestServer(vertx, verticle);
    }

    public Vertx vertx() {
        return vertx;
    }

    public int port() {
        return verticle.port();
    }

    public int apiPort() {
        return verticle.apiPort();
    }

    /** Connects a client that knows the original protocol. */
    public TestClient connect() {
        return TestClient.connect(port(), "/");
    }

    /** Connects to a path with query, offering these subprotocols. */
    public TestClient connect(String path, String... subprotocols) {
        return TestClient.connect(port(), path, subprotocols);
    }

    /** Connects; empty when the connection was closed before its welcome. */
    public Optional<TestClient> tryToConnect(String path) {
        return TestClient.tryToConnect(port(), path);
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    public HttpResponse<String> postJson(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** A request to the public port. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    /** A request to the API's own port. */
    public HttpRequest.Builder apiRequest(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort() + path));
    }

    public static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
