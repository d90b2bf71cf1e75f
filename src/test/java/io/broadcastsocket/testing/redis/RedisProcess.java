package io.broadcastsocket.testing.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A redis-server in a temporary directory of its own; it ends with the JVM at the latest. */
final class RedisProcess implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Path directory;
    private final List<String> command;
    private final Resp resp;
    private Process process;

    private RedisProcess(Path directory, List<String> command, Resp resp) {
        this.directory = directory;
        this.command = command;
        this.resp = resp;
    }

    /** Starts it with this configuration and waits until it answers; {@code arguments} follow the file's name. */
    static RedisProcess start(RedisBinary binary, List<String> configuration, Resp resp, String... arguments) {
        try {
            Path directory = Files.createTempDirectory("redis");
            Path data = Files.createDirectory(directory.resolve("data"));
            Path file = directory.resolve("redis.conf");
            List<String> lines = new ArrayList<>(configuration);
            lines.add("dir " + data);
            Files.write(file, lines);
            List<String> command = new ArrayList<>(List.of(binary.file().toString(), file.toString()));
            command.addAll(List.of(arguments));
            RedisProcess process = new RedisProcess(directory, command, resp);
            try {
                process.start();
                return process;
            } catch (AssertionError failure) {
                process.close();
                throw failure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                    .start();
            RUNNING.add(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Awaitility.await("redis-server answers at port " + resp.port())
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(DEADLINE)
                    .until(() -> !process.isAlive() || answersWithin(1000));
        } catch (ConditionTimeoutException late) {
            kill();
            throw new AssertionError("redis-server does not answer:\n" + output(), late);
        }
        if (!process.isAlive()) {
            RUNNING.remove(process);
            throw new AssertionError("redis-server did not start:\n" + output());
        }
    }

    boolean answersWithin(int timeoutMs) {
        try {
            return "PONG".equals(resp.call(timeoutMs, "PING"));
        } catch (UncheckedIOException | Resp.RedisError notYet) {
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM. */
    void stop() {
        resume();
        process.destroy();
        awaitEnd();
    }

    /** SIGSTOP: it keeps its connections, and the kernel still accepts others for it. */
    void pause() {
        signal("STOP");
        Path state = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (Files.exists(state)) {
            Awaitility.await("it stops")
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> Files.readString(state).contains(") T "));
        }
    }

    /** SIGCONT. */
    void resume() {
        if (process.isAlive()) {
            signal("CONT");
        }
    }

    /** Deletes what it has stored. */
    void wipe() {
        delete(data());
        data().toFile().mkdir();
    }

    /** Everything it has printed. */
    String output() {
        try {
            return String.join(" ", command) + "\n" + Files.readString(log().toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        delete(directory);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private File log() {
        return directory.resolve("log").toFile();
    }

    private void signal(String name) {
        try {
            Process sent = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
            if (sent.waitFor() != 0) {
                throw new IllegalStateException("there is no process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("redis-server does not end:\n" + output());
            }
            RUNNING.remove(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
