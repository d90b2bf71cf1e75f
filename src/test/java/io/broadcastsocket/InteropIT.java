package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that nobody here wrote, with the original protocol only. */
class InteropIT {
    private static final Path CLIENTS = Path.of("src/test/clients");
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
        String node = tool("node");
        install();
        assertThat(run(node, "ws-client.mjs", Integer.toString(server.port()))).contains("flow complete");
    }

    @Test
    void aBrowsersWebSocketAndEventSourceWork() throws Exception {
        String node = tool("node");
        String chromium = tool("chromium");
        install();
        assertThat(run(node, "browser-client.mjs", Integer.toString(server.port()), chromium))
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
            run(tool("npm"), "ci", "--no-audit", "--no-fund");
        }
    }

    /** Finds a program; without it the test is skipped loudly, and fails where everything must be there. */
    private static String tool(String name) {
        Optional<String> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("NOTICE: " + name + " is not installed, so this interoperability test does not run");
            assertThat(System.getenv("CI")).as(name + " must be there in CI").isNotEqualTo("true");
        }
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        File output = File.createTempFile("client", ".log");
        Process process = new ProcessBuilder(List.of(command))
                .directory(CLIENTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        Files.delete(output.toPath());
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", command) + " printed:\n" + text)
                .isTrue();
        return text;
    }
}
