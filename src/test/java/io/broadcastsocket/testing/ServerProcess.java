package io.broadcastsocket.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The built jar as a process of its own; needs the system property {@code server.jar}. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("server started .* port=(\\d+) apiPort=(\\d+)");
    private static final int DEADLINE_SECONDS = 30;

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the jar with these arguments; the environment has none of our variables but those given. */
    public static ServerProcess launch(Map<String, String> environment, String... args) {
        List<String> command = new ArrayList<>(List.of(java(), "-jar", System.getProperty("server.jar")));
        command.addAll(List.of(args));
        return run(environment, command);
    }

    /** Starts any command that prints what the server prints. */
    public static ServerProcess run(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("BROADCAST_")
                        || List.of("PORT", "WORKERS", "NODE_ENV", "CORS_ORIGIN", "REDIS_URL")
                                .contains(key));
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The java command of this JVM. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Writes a configuration into a file that is deleted with the JVM. */
    public static String conf(String json) {
        try {
            Path file = Files.createTempFile("conf", ".json");
            file.toFile().deleteOnExit();
            return Files.writeString(file, json).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ServerProcess awaitStarted() {
        port();
        return this;
    }

    public int port() {
        return Integer.parseInt(started().group(1));
    }

    public int apiPort() {
        return Integer.parseInt(started().group(2));
    }

    public long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the end; gives the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end; it printed " + output);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Everything it has printed so far. */
    public String output() {
        return String.join("\n", output);
    }

    private Matcher started() {
        Awaitility.await("the server starts, it printed " + output)
                .atMost(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .until(() -> !process.isAlive()
                        || output.stream()
                                .anyMatch(line -> STARTED.matcher(line).find()));
        return output.stream()
                .map(STARTED::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the server did not start:\n" + output()));
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
            }
        } catch (IOException ended) {
            output.add("(output ended: " + ended.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
