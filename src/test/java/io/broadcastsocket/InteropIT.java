package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.Tool;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that nobody here wrote, with the original protocol only. */
class InteropIT {
    private static final Path CLIENTS = Path.of("src/test/clients");
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject("{\"heartbeat\":{\"intervalMs\":400,\"timeoutMs\":300}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theWsPackageOfNodeWorks() throws Exception {
        Tool node = Tool.find("node");
        install();
        assertThat(node.run(CLIENTS, DEADLINE, "ws-client.mjs", Integer.toString(server.port())))
                .contains("flow complete");
    }

    @Test
    void aBrowsersWebSocketAndEventSourceWork() throws Exception {
        Tool node = Tool.find("node");
        Tool chromium = Tool.find("chromium");
        install();
        assertThat(node.run(CLIENTS, DEADLINE, "browser-client.mjs", Integer.toString(server.port()), chromium.path()))
                .contains("flow complete")
                .contains("events complete");
    }

    @Test
    void theWebSocketOfTheJdkWorks() throws Exception {
        LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/any/path?x=y"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        texts.add(data.toString());
                        from.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{\"type\":\"subscribe\",\"channel\":\"jdk\"}", true).join();
        socket.sendText("{\"type\":\"broadcast\",\"channel\":\"jdk\",\"data\":1,\"messageId\":\"b\"}", true)
                .join();
        String text = "";
        while (!text.contains("\"type\":\"message\"")) {
            text = texts.poll(10, TimeUnit.SECONDS);
        }
        assertThat(new JsonObject(text).getString("messageId")).isEqualTo("b");
        while (!text.contains("\"type\":\"ping\"")) {
            text = texts.poll(10, TimeUnit.SECONDS);
        }
        assertThat(new JsonObject(text).getLong("timestamp")).isPositive();
        socket.abort();
    }

    private static void install() throws Exception {
        if (!Files.isDirectory(CLIENTS.resolve("node_modules"))) {
            Tool.find("npm").run(CLIENTS, DEADLINE, "ci", "--no-audit", "--no-fund");
        }
    }
}
