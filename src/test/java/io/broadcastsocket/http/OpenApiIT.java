package io.broadcastsocket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The requests that {@code openapi.json} gives as examples, sent to a running server. */
class OpenApiIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String KEY = "a-key-of-the-backend";

    /** One example of an operation; the body is null when it has none. */
    private record Example(String path, String method, JsonObject operation, String url, String name, Object body) {
        String title() {
            return method.toUpperCase(Locale.ROOT) + " " + url + (name.isEmpty() ? "" : " (" + name + ")");
        }
    }

    private static JsonObject document;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        document = new JsonObject(Files.readString(Path.of("src/main/resources/openapi.json")));
        server = TestServer.start(new JsonObject().put("api", new JsonObject().put("keys", new JsonArray().add(KEY))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theServerServesTheDocument() {
        assertThat(new JsonObject(server.get("/openapi.json").body())).isEqualTo(document);
    }

    @TestFactory
    Stream<DynamicTest> exampleRequestsGetAnAnswerThatIsDocumented() {
        return examples().map(example -> DynamicTest.dynamicTest(example.title(), () -> answersAsDocumented(example)));
    }

    @TestFactory
    Stream<DynamicTest> routesNeedAKeyExactlyWhereTheDocumentSaysSo() {
        return examples()
                .map(example -> DynamicTest.dynamicTest(example.title(), () -> {
                    boolean open = new JsonArray().equals(example.operation().getJsonArray("security"));
                    int status = send(example, null).statusCode();
                    assertThat(status == 401).isNotEqualTo(open);
                }));
    }

    @Test
    void documentedBodiesFitTheirOwnSchema() {
        examples()
                .filter(example -> example.body() != null)
                .forEach(example -> assertFits(
                        content(example.operation().getJsonObject("requestBody"), "application/json")
                                .getJsonObject("schema"),
                        example.body()));
    }

    @Test
    void theSchemasAreStrictEnoughToSeeAnUndocumentedField() {
        JsonObject health = new JsonObject(server.get("/health").body());
        JsonObject schema = new JsonObject().put("$ref", "#/components/schemas/Health");
        assertFits(schema, health);
        assertThatThrownBy(() -> assertFits(schema, health.put("more", 1))).isInstanceOf(AssertionError.class);
    }

    private static void answersAsDocumented(Example example) throws Exception {
        HttpResponse<InputStream> response = send(example, KEY);
        JsonObject documented = resolve(
                example.operation().getJsonObject("responses").getJsonObject(Integer.toString(response.statusCode())));
        assertThat(documented).as("status " + response.statusCode()).isNotNull();
        assertThat(response.statusCode()).isLessThan(500).isNotIn(400, 401, 403);
        try (InputStream body = response.body()) {
            if (response.statusCode() == 204 || example.method().equals("head")) {
                assertThat(body.readAllBytes()).isEmpty();
                return;
            }
            String type =
                    response.headers().firstValue("Content-Type").orElseThrow().split(";")[0];
            JsonObject content = content(documented, type);
            assertThat(content).as(type).isNotNull();
            if (type.endsWith("json")) {
                assertFits(
                        content.getJsonObject("schema"),
                        Json.decodeValue(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
    }

    private static HttpResponse<InputStream> send(Example example, String key) throws Exception {
        HttpRequest.Builder request = server.request(example.url())
                .method(
                        example.method().toUpperCase(Locale.ROOT),
                        example.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.encode(example.body())));
        if (example.body() != null) {
            request.header("Content-Type", "application/json");
        }
        if (key != null) {
            request.header("X-API-Key", key);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static Stream<Example> examples() {
        List<Example> examples = new ArrayList<>();
        document.getJsonObject("paths").forEach(path -> ((JsonObject) path.getValue()).forEach(method -> {
            JsonObject operation = (JsonObject) method.getValue();
            String url = url(path.getKey(), operation.getJsonArray("parameters", new JsonArray()));
            JsonObject bodies = operation.containsKey("requestBody")
                    ? content(operation.getJsonObject("requestBody"), "application/json")
                            .getJsonObject("examples")
                    : new JsonObject().put("", new JsonObject());
            bodies.forEach(body -> examples.add(new Example(
                    path.getKey(),
                    method.getKey(),
                    operation,
                    url,
                    body.getKey(),
                    ((JsonObject) body.getValue()).getValue("value"))));
        }));
        return examples.stream();
    }

    private static String url(String path, JsonArray parameters) {
        String url = path;
        List<String> query = new ArrayList<>();
        for (Object each : parameters) {
            JsonObject parameter = resolve((JsonObject) each);
            Object example = parameter.getValue("example");
            if (parameter.getString("in").equals("path")) {
                url = url.replace("{" + parameter.getString("name") + "}", encoded(example));
            } else if (parameter.getString("in").equals("query") && example != null) {
                JsonArray values = example instanceof JsonArray array ? array : new JsonArray().add(example);
                values.forEach(value -> query.add(parameter.getString("name") + "=" + encoded(value)));
            }
        }
        return query.isEmpty() ? url : url + "?" + String.join("&", query);
    }

    private static String encoded(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
    }

    private static JsonObject content(JsonObject requestOrResponse, String type) {
        return requestOrResponse.getJsonObject("content").getJsonObject(type);
    }

    private static JsonObject resolve(JsonObject referenceOrValue) {
        if (referenceOrValue == null || !referenceOrValue.containsKey("$ref")) {
            return referenceOrValue;
        }
        JsonObject target = document;
        for (String part : referenceOrValue.getString("$ref").substring(2).split("/")) {
            target = target.getJsonObject(part);
        }
        return target;
    }

    private static void assertFits(JsonObject schema, Object value) {
        JsonObject whole = new JsonObject(schema.copy()
                .put("$defs", document.getJsonObject("components").getJsonObject("schemas"))
                .encode()
                .replace("#/components/schemas/", "#/$defs/"));
        OutputUnit result = Validator.create(
                        JsonSchema.of(whole),
                        new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://broadcastsocket.io/"))
                .validate(value);
        assertThat(result.getValid())
                .as(Json.encode(value) + " against " + schema + ": " + result.getErrors())
                .isTrue();
    }
}
