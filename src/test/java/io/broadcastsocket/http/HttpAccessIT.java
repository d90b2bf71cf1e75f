package io.broadcastsocket.http;

import static io.broadcastsocket.http.HttpApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who may use the HTTP API, from where, and on which port. */
class HttpAccessIT {
    private static final String KEY = "a-key-of-the-backend";
    private static final List<String> GUARDED =
            List.of("/stats", "/metrics", "/channels/a/history", "/events?channel=a");

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Nested
    class WithListedOrigins {
        @Test
        void aListedOriginIsAnsweredAndMayReadTheAnswer() {
            start("{\"cors\":{\"origins\":[\"https://app.example\",\"https://other.example\"]}}");
            HttpResponse<String> response = get("/health", "Origin", "https://app.example");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://app.example");
            assertThat(response.headers().allValues("Vary"))
                    .anySatisfy(vary -> assertThat(vary).containsIgnoringCase("origin"));
        }

        @Test
        void aPreflightSaysWhatIsAllowed() {
            start("{\"cors\":{\"origins\":[\"https://app.example\"]}}");
            HttpResponse<String> response = TestServer.send(server.request("/broadcast")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", "https://app.example")
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type,x-api-key")
                    .build());
            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(header(response, "Access-Control-Allow-Origin")).contains("https://app.example");
            assertThat(header(response, "Access-Control-Allow-Methods").orElseThrow())
                    .contains("GET", "POST", "DELETE");
            assertThat(header(response, "Access-Control-Allow-Headers").orElseThrow())
                    .contains("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-API-Key");
            assertThat(header(response, "Access-Control-Max-Age")).contains("600");
        }

        @Test
        void aForeignOriginIsRefusedOnEveryRoute() {
            start("{\"cors\":{\"origins\":[\"https://app.example\"]}}");
            for (String origin : List.of("https://evil.example", "http://app.example", "null")) {
                assertProblem(get("/health", "Origin", origin), 403, "origin-not-allowed");
                assertProblem(get("/stats", "Origin", origin), 403, "origin-not-allowed");
            }
        }

        @Test
        void thePageOfTheServersOwnHostIsNotForeign() {
            start("{\"cors\":{\"origins\":[]}}");
            assertThat(get("/health", "Origin", "http://127.0.0.1:" + server.port())
                            .statusCode())
                    .isEqualTo(200);
            assertProblem(get("/health", "Origin", "http://127.0.0.1:1"), 403, "origin-not-allowed");
            assertThat(get("/health").statusCode()).as("no browser").isEqualTo(200);
        }
    }

    @Nested
    class WithoutKeys {
        @Test
        void thisMachineIsAnsweredAndWhatWasForwardedIsNot() {
            start("{}");
            for (String path : List.of("/stats", "/metrics", "/channels/a/history")) {
                assertThat(get(path).statusCode()).isEqualTo(200);
                assertProblem(get(path, "X-Forwarded-For", "127.0.0.1"), 403, "forbidden");
            }
            assertProblem(get("/events?channel=a", "X-Forwarded-For", "127.0.0.1"), 403, "forbidden");
            assertThat(get("/health", "X-Forwarded-For", "127.0.0.1").statusCode())
                    .isEqualTo(200);
        }

        @Test
        void aTrustedProxyThatSaysLoopbackIsNotThisMachine() {
            start("{\"trustedProxyHops\":1}");
            assertProblem(get("/stats", "X-Forwarded-For", "127.0.0.1"), 403, "forbidden");
        }

        @Test
        void otherWordsOfProxiesCountToo() {
            start("{}");
            assertProblem(get("/stats", "Forwarded", "for=203.0.113.9"), 403, "forbidden");
            assertProblem(get("/stats", "X-Real-IP", "203.0.113.9"), 403, "forbidden");
        }
    }

    @Nested
    class WithKeys {
        @Test
        void aKeyOpensAndNothingElseDoes() {
            start("{\"api\":{\"keys\":[\"another-key-of-another\",\"" + KEY + "\"]}}");
            for (String path : GUARDED) {
                HttpResponse<String> response = get(path);
                assertProblem(response, 401, "unauthorized");
                assertThat(header(response, "WWW-Authenticate")).contains("Bearer");
                assertProblem(get(path, "Authorization", "Bearer wrong"), 401, "unauthorized");
                assertProblem(get(path, "Authorization", "Basic " + KEY), 401, "unauthorized");
                assertProblem(get(path, "X-API-Key", KEY + "x"), 401, "unauthorized");
            }
            assertThat(get("/stats", "Authorization", "Bearer " + KEY).statusCode())
                    .isEqualTo(200);
            assertThat(get("/stats", "authorization", "bearer " + KEY).statusCode())
                    .isEqualTo(200);
            assertThat(get("/stats", "X-API-Key", KEY).statusCode()).isEqualTo(200);
        }

        @Test
        void writingNeedsAKeyToo() {
            start("{\"api\":{\"keys\":[\"" + KEY + "\"]}}");
            assertProblem(server.postJson("/broadcast", "{\"data\":1}"), 401, "unauthorized");
            assertProblem(TestServer.send(server.request("/clients/x").DELETE().build()), 401, "unauthorized");
            assertThat(TestServer.send(server.request("/broadcast")
                                    .header("Content-Type", "application/json")
                                    .header("X-API-Key", KEY)
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"data\":1}"))
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void healthAndTheDocumentNeedNone() {
            start("{\"api\":{\"keys\":[\"" + KEY + "\"]}}");
            for (String path : List.of("/health", "/health/live", "/openapi.json")) {
                assertThat(get(path).statusCode()).isEqualTo(200);
            }
        }
    }

    @Nested
    class InProduction {
        @Test
        void thePublicPortKeepsOnlyHealthAndSockets() {
            start("{\"mode\":\"production\",\"api\":{\"keys\":[\"" + KEY + "\"]}}");
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/ready").statusCode()).isIn(200, 503);
            for (String path : GUARDED) {
                assertProblem(get(path, "X-API-Key", KEY), 404, "not-found");
            }
            assertProblem(get("/openapi.json"), 404, "not-found");
            try (TestClient client = server.connect()) {
                client.subscribe("news");
                HttpResponse<String> published = TestServer.send(server.apiRequest("/broadcast")
                        .header("Content-Type", "application/json")
                        .header("X-API-Key", KEY)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"channel\":\"news\",\"data\":1}"))
                        .build());
                assertThat(published.statusCode()).isEqualTo(200);
                assertThat(client.awaitMessage("news").getInteger("data")).isEqualTo(1);
            }
        }

        @Test
        void theApisOwnPortServesAll() {
            start("{\"mode\":\"production\",\"insecure\":true}");
            for (String path : List.of("/health", "/stats", "/metrics", "/channels/a/history", "/openapi.json")) {
                assertThat(TestServer.send(server.apiRequest(path).build()).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }

        @Test
        void thePublicPortServesAllWhenItIsTold() {
            start("{\"mode\":\"production\",\"insecure\":true,\"publicApi\":true}");
            assertThat(get("/stats").statusCode()).isEqualTo(200);
        }
    }

    private void start(String changes) {
        server = TestServer.start(new JsonObject(changes));
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = server.request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return TestServer.send(request.build());
    }

    private static Optional<String> header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name);
    }
}
