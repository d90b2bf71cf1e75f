package io.broadcastsocket.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page at {@code /}: what it is made of, what may be done with it, and where it is not. */
class DemoPageIT {
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"\\./(assets/[^\"]+)\"");

    @Nested
    class InDevelopment {
        private TestServer server;

        @BeforeEach
        void start() {
            boolean isBuilt = DemoPage.class.getResource("/demo/index.html") != null;
            if (!isBuilt) {
                System.out.println("NOTICE: the page at / was not built, so its tests do not run");
                assertThat(System.getenv("CI")).as("it must be there in CI").isNotEqualTo("true");
            }
            assumeTrue(isBuilt, "the page at / was not built");
            server = TestServer.start();
        }

        @AfterEach
        void stop() {
            if (server != null) {
                server.close();
            }
        }

        @Test
        void thePageIsServedWithAllItsFiles() {
            HttpResponse<String> page = server.get("/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
            List<String> files = files(page);
            assertThat(files).anyMatch(file -> file.endsWith(".js")).anyMatch(file -> file.endsWith(".css"));
            for (String file : files) {
                HttpResponse<String> asset = server.get("/" + file);
                assertThat(asset.statusCode()).as(file).isEqualTo(200);
                assertThat(asset.body()).isNotEmpty();
                assertThat(header(asset, "Cache-Control")).contains("immutable");
            }
            String script = "/"
                    + files.stream()
                            .filter(file -> file.endsWith(".js"))
                            .findFirst()
                            .orElseThrow();
            assertThat(header(server.get(script), "Content-Type")).startsWith("text/javascript");
        }

        @Test
        void nothingMayBeLoadedFromElsewhereOrRunInline() {
            HttpResponse<String> page = server.get("/");
            assertThat(header(page, "Content-Security-Policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                    .doesNotContain("unsafe")
                    .contains("frame-ancestors 'none'");
            assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.body())
                    .doesNotContain("style=", "http://", "https://")
                    .doesNotContainPattern("<script>");
        }

        @Test
        void headIsAnsweredLikeGetWithoutABody() {
            HttpResponse<String> get = server.get("/");
            HttpResponse<String> head = TestServer.send(server.request("/")
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            for (String name : List.of("Content-Type", "Content-Length", "ETag", "Content-Security-Policy")) {
                assertThat(header(head, name)).as(name).isEqualTo(header(get, name));
            }
        }

        @Test
        void whoHasItAlreadyIsToldSo() {
            String etag = header(server.get("/"), "ETag");
            HttpResponse<String> again = TestServer.send(
                    server.request("/").header("If-None-Match", etag).build());
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            HttpResponse<String> other = TestServer.send(
                    server.request("/").header("If-None-Match", "\"another\"").build());
            assertThat(other.statusCode()).isEqualTo(200);
        }

        @Test
        void aWebSocketAtTheSamePathIsAsBefore() {
            try (TestClient client = server.connect("/", "broadcast.v1")) {
                client.subscribe("news");
                server.postJson("/broadcast", "{\"channel\":\"news\",\"data\":1}");
                assertThat(client.awaitMessage("news").getInteger("data")).isEqualTo(1);
            }
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/demo",
                    "/demo/index.html",
                    "/index.html",
                    "/manifest.json",
                    "/assets/",
                    "/assets/none.js",
                    "/assets/../index.html",
                    "/assets/..%2f..%2fconfig.schema.json",
                    "/assets/%2e%2e/%2e%2e/config.schema.json",
                    "/..%5c..%5cconfig.schema.json"
                })
        void nothingElseIsServed(String path) {
            assertNotFound(server.get(path));
        }

        @Test
        void theApisOwnPortHasNoPage() {
            assertNotFound(TestServer.send(server.apiRequest("/").build()));
        }
    }

    @Nested
    class WhereItIsOff {
        @ParameterizedTest
        @ValueSource(strings = {"{\"mode\":\"production\",\"insecure\":true}", "{\"demo\":false}"})
        void thereIsNothing(String config) {
            try (TestServer server = TestServer.start(new JsonObject(config))) {
                assertNotFound(server.get("/"));
                try (TestClient client = server.connect()) {
                    assertThat(client.clientId()).isNotEmpty();
                }
            }
        }
    }

    @Nested
    class WhereItWasNotBuilt {
        @Test
        void aPageSaysHowToGetIt() throws Exception {
            Vertx vertx = Vertx.vertx();
            try {
                Router router = Router.router(vertx);
                DemoPage.in("/nowhere/").mount(router);
                HttpServer open = vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .await(10, TimeUnit.SECONDS);
                HttpResponse<String> page = TestServer.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.actualPort() + "/"))
                                .build());
                assertThat(page.statusCode()).isEqualTo(404);
                assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
                assertThat(page.body()).contains("mvn -Pserve");
            } finally {
                vertx.close().await(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void assertNotFound(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    private static List<String> files(HttpResponse<String> page) {
        return FILE.matcher(page.body())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
