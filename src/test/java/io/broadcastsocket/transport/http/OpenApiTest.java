package io.broadcastsocket.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.broker.memory.MemoryLimits;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.config.ConfigLoader;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.node.Readiness;
import io.broadcastsocket.session.AddressLimiter;
import io.broadcastsocket.session.Ids;
import io.broadcastsocket.session.RateLimit;
import io.broadcastsocket.stats.Metrics;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routes and their document tell the same. */
class OpenApiTest {
    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\" ?: ?\"#/components/([^\"]+)\"");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedRouteExists() throws Exception {
        try (Metrics metrics = new Metrics()) {
            Router router = new Api(node(), null, metrics, new WorkerStats()).full(vertx);
            Set<String> routes = new TreeSet<>();
            for (Route route : router.getRoutes()) {
                if (route.getPath() != null) {
                    for (HttpMethod method : route.methods()) {
                        routes.add(method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}"));
                    }
                }
            }
            assertThat(documented()).isEqualTo(routes);
        }
    }

    @Test
    void eventStreamsAreKeptAliveHoweverLongTheHeartbeatIntervalIs() {
        assertThat(Api.heartbeatMs(1000)).isEqualTo(1000);
        assertThat(Api.heartbeatMs(3_600_000)).isLessThan(Api.IDLE_SECONDS * 1000L);
    }

    @Test
    void everyReferenceHasATargetAndEveryComponentIsReferredTo() throws Exception {
        Set<String> targets = new TreeSet<>();
        REFERENCE.matcher(document()).results().forEach(found -> targets.add(found.group(1)));
        Set<String> components = new TreeSet<>();
        for (String kind : List.of("parameters", "responses", "schemas")) {
            new JsonObject(document())
                    .getJsonObject("components")
                    .getJsonObject(kind)
                    .fieldNames()
                    .forEach(name -> components.add(kind + "/" + name));
        }
        // Inside an event's text, where no schema can refer to it.
        components.remove("schemas/Message");
        assertThat(targets).isEqualTo(components);
    }

    private static String document() throws Exception {
        return new String(
                OpenApiTest.class.getResourceAsStream("/openapi.json").readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Set<String> documented() throws Exception {
        Set<String> routes = new TreeSet<>();
        JsonObject paths = new JsonObject(document()).getJsonObject("paths");
        paths.forEach(path -> ((JsonObject) path.getValue())
                .fieldNames()
                .forEach(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return routes;
    }

    private Node node() {
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.secure();
        ServerConfig config = new ConfigLoader().load(new JsonObject(), Map.of());
        return new Node(
                "n",
                0,
                config,
                new MemoryBroker(config.channels(), new MemoryLimits(1, 1, 1, 1), clock, "i"),
                null,
                null,
                null,
                null,
                new AddressLimiter(new RateLimit(0, 1), clock),
                ids,
                clock,
                new LocalBus(vertx),
                List.of(),
                new WorkerStats(),
                new Readiness(clock),
                new AtomicInteger(),
                "secret");
    }
}
