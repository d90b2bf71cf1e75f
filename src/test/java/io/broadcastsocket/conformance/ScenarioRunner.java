package io.broadcastsocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Plays the steps of a scenario against a server. */
final class ScenarioRunner implements AutoCloseable {
    private static final JsonObject WELCOME = new JsonObject("{\"type\":\"ack\",\"...\":true}");

    private final TestServer server;
    private final Map<String, TestClient> clients = new HashMap<>();
    private final Map<String, Object> bindings = new HashMap<>();

    ScenarioRunner(TestServer server) {
        this.server = server;
    }

    void play(Scenario scenario) {
        for (int i = 0; i < scenario.steps().size(); i++) {
            JsonObject step = scenario.steps().get(i);
            try {
                play(step);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("step " + (i + 1) + " " + step + ": " + e.getMessage(), e);
            }
        }
    }

    private void play(JsonObject step) {
        String action = step.fieldNames().iterator().next();
        switch (action) {
            case "connect" -> connect(step);
            case "send" -> client(step).send((JsonObject) MessagePattern.fill(step.getJsonObject("send"), bindings));
            case "sendText" -> sendText(client(step), step.getString("sendText"), step.getInteger("repeat", 1));
            case "sendBinary" ->
                client(step)
                        .socket()
                        .sendBinary(ByteBuffer.wrap(Base64.getDecoder().decode(step.getString("sendBinary"))), true)
                        .join();
            case "expect" -> expect(client(step), step.getJsonObject("expect"));
            case "expectAll" -> expectAll(client(step), step.getJsonArray("expectAll"));
            case "closed" -> assertThat(client(step).awaitClose()).isEqualTo(step.getInteger("closed"));
            case "close" ->
                client(step).socket().sendClose(step.getInteger("close"), "").join();
            case "cut" -> client(step).abort();
            case "http" -> request(step);
            case "stop" -> server.vertx().close();
            default -> throw new AssertionError("unknown step " + action);
        }
    }

    private void connect(JsonObject step) {
        WebSocket.Builder builder = TestClient.builder();
        step.getJsonObject("headers", new JsonObject())
                .forEach(header -> builder.header(header.getKey(), (String) header.getValue()));
        String path = MessagePattern.fillText(step.getString("path", "/"), bindings);
        String[] subprotocols = step.getJsonArray("subprotocols", new JsonArray()).stream()
                .map(Object::toString)
                .toArray(String[]::new);
        if (step.containsKey("refused")) {
            assertThatThrownBy(() -> TestClient.open(builder, server.port(), path, subprotocols))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(step.getInteger("refused")));
            return;
        }
        TestClient client = TestClient.open(builder, server.port(), path, subprotocols);
        TestClient before = clients.put(step.getString("connect"), client);
        if (before != null) {
            before.close();
        }
        if (step.containsKey("subprotocol")) {
            assertThat(client.socket().getSubprotocol()).isEqualTo(step.getString("subprotocol"));
        }
        expect(client, step.getJsonObject("welcome", WELCOME));
    }

    private void expect(TestClient client, JsonObject pattern) {
        boolean isPing = "ping".equals(pattern.getString("type"));
        String text = client.awaitText(any -> isPing || !isPing(any));
        MessagePattern.mismatch(pattern, text, bindings).ifPresent(mismatch -> {
            throw new AssertionError(mismatch + " in " + text);
        });
    }

    private void expectAll(TestClient client, JsonArray patterns) {
        List<JsonObject> missing =
                new ArrayList<>(patterns.stream().map(JsonObject.class::cast).toList());
        while (!missing.isEmpty()) {
            String text = client.awaitText(any -> !isPing(any));
            JsonObject found = missing.stream()
                    .filter(pattern ->
                            MessagePattern.mismatch(pattern, text, bindings).isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(text + " is none of " + missing));
            missing.remove(found);
        }
    }

    private void request(JsonObject step) {
        JsonObject http = step.getJsonObject("http");
        HttpRequest request = server.request(MessagePattern.fillText(http.getString("path"), bindings))
                .method(http.getString("method"), HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(TestServer.send(request).statusCode()).isEqualTo(step.getInteger("status"));
    }

    /** Whoever sends many may be closed in the middle of it; what comes of that is for the next step to say. */
    private static void sendText(TestClient client, String text, int times) {
        if (times == 1) {
            client.send(text);
            return;
        }
        boolean open = true;
        for (int i = 0; i < times && open; i++) {
            open = client.sendIfOpen(text);
        }
    }

    private static boolean isPing(String text) {
        return "ping".equals(new JsonObject(text).getString("type"));
    }

    private TestClient client(JsonObject step) {
        return clients.get(step.getString("on", "a"));
    }

    @Override
    public void close() {
        clients.values().forEach(TestClient::close);
    }
}
