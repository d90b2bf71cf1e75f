package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The command line of the built jar. */
class LauncherIT {
    private static final String CONF = "{\"host\":\"127.0.0.1\",\"port\":0,\"workers\":1,\"api\":{\"port\":0},"
            + "\"shutdown\":{\"spreadMs\":0,\"deadlineMs\":2000}}";

    private static final Map<String, String> NONE = Map.of();

    @Test
    void aFileAndInlineJsonConfigureTheServer() {
        serves(ServerProcess.launch(NONE, "--conf", ServerProcess.conf(CONF)));
        serves(ServerProcess.launch(NONE, "-conf", CONF));
    }

    @Test
    void theHabitsOfVertxRunWork() {
        serves(ServerProcess.launch(NONE, "run", "io.broadcastsocket.MainVerticle", "-conf", CONF));
        serves(ServerProcess.run(
                NONE,
                List.of(
                        ServerProcess.java(),
                        "-cp",
                        System.getProperty("server.jar"),
                        "io.vertx.launcher.application.VertxApplication",
                        "io.broadcastsocket.MainVerticle",
                        "-conf",
                        CONF)));
    }

    @Test
    void vertxsOwnLauncherDoesNotStartAMemberOfAClusterAlone() {
        try (ServerProcess alone = ServerProcess.run(
                NONE,
                List.of(
                        ServerProcess.java(),
                        "-cp",
                        System.getProperty("server.jar"),
                        "io.vertx.launcher.application.VertxApplication",
                        "io.broadcastsocket.MainVerticle",
                        "-conf",
                        "{\"cluster\":{\"enabled\":true,\"members\":3},\"port\":0}"))) {
            assertThat(alone.awaitExit()).isEqualTo(15);
            assertThat(alone.output()).contains("java -jar broadcast-socket.jar --cluster");
        }
    }

    @Test
    void theLaunchersOtherOptionsWork() {
        serves(ServerProcess.launch(
                NONE, "--conf", CONF, "--options", "{\"blockedThreadCheckInterval\":500}", "--instances", "1"));
        try (ServerProcess help = ServerProcess.launch(NONE, "--help")) {
            assertThat(help.awaitExit()).isZero();
            assertThat(help.output()).contains("--conf").contains("--options");
        }
    }

    @Test
    void theEnvironmentWins() throws IOException {
        int port = freePort();
        Map<String, String> environment = Map.of("PORT", Integer.toString(port), "WORKERS", "2");
        try (ServerProcess server =
                ServerProcess.launch(environment, "--conf", CONF).awaitStarted()) {
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.output()).contains("workers=2");
        }
    }

    @Test
    void aConfigurationCanBeCheckedWithoutStarting() {
        assertThat(ends(0, NONE, "--check-config", "--conf", CONF)).contains("the configuration is valid");
        String problems = ends(
                78,
                Map.of("PORT", "abc", "NODE_ENV", "staging", "BROADCAST_LIMTS_IDLE_MS", "1"),
                "--check-config",
                "--conf",
                "{\"prot\":1}");
        assertThat(problems)
                .contains("PORT: must be a whole number")
                .contains("NODE_ENV: ")
                .contains("did you mean \"BROADCAST_LIMITS_IDLE_MS\"?")
                .contains("/prot: no such key; did you mean \"port\"?");
    }

    @Test
    void aConfigurationThatCannotBeUsedEndsWithItsOwnCode() {
        assertThat(ends(78, NONE, "--conf", "/no/such/file.json")).contains("cannot be read");
        assertThat(ends(78, NONE, "--conf", "{\"port\":}")).contains("not valid JSON");
        assertThat(ends(78, NONE, "--conf", "{\"mode\":\"production\"}")).contains("/api/keys");
        assertThat(ends(78, Map.of("REDIS_URL", "http://localhost"), "--conf", CONF))
                .contains("REDIS_URL: expected redis://");
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            for (String variable : List.of("PORT", "BROADCAST_API_PORT")) {
                try (ServerProcess server = ServerProcess.launch(Map.of(variable, port), "--conf", CONF)) {
                    assertThat(server.awaitExit()).isEqualTo(15);
                    assertThat(server.output())
                            .contains("cannot listen")
                            .contains(port)
                            .doesNotContain("\tat ");
                }
            }
        }
    }

    @Test
    void itRunsOnJava25WithoutAWarning() throws IOException {
        Optional<Path> java = java25();
        if (java.isEmpty()) {
            System.out.println("NOTICE: no JDK 25 under /usr/lib/jvm, so the jar is not tried on it");
        }
        Assumptions.assumeTrue(java.isPresent(), "no JDK 25");
        ServerProcess server = ServerProcess.run(
                NONE, List.of(java.get().toString(), "-jar", System.getProperty("server.jar"), "--conf", CONF));
        server.awaitStarted();
        assertThat(server.output()).doesNotContainIgnoringCase("warning").contains("nativeTransport=true");
        serves(server);
    }

    private static Optional<Path> java25() throws IOException {
        Path root = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (Stream<Path> jdks = Files.list(root)) {
            return jdks.filter(jdk -> jdk.getFileName().toString().contains("25"))
                    .map(jdk -> jdk.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private static void serves(ServerProcess started) {
        try (ServerProcess server = started.awaitStarted();
                TestClient client = TestClient.connect(server.port(), "/")) {
            client.subscribe("c");
            client.broadcast("c", "hello");
            assertThat(client.awaitMessage("c").getString("data")).isEqualTo("hello");
        }
    }

    private static String ends(int code, Map<String, String> environment, String... args) {
        try (ServerProcess process = ServerProcess.launch(environment, args)) {
            assertThat(process.awaitExit()).isEqualTo(code);
            assertThat(process.output()).doesNotContain("\tat ");
            return process.output();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
