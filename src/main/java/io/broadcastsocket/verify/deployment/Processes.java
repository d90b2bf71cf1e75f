package io.broadcastsocket.verify.deployment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Every process that the tool has started; ends them all by their pids.
 *
 * <p>Thread-safe: the hook that ends them runs whenever the JVM is told to stop. After {@link #close} nothing starts.
 */
public final class Processes implements AutoCloseable {
    private static final int COMMAND_SECONDS = 20;
    private static final int END_SECONDS = 10;
    private static final Set<String> OURS = Set.of("PORT", "WORKERS", "NODE_ENV", "CORS_ORIGIN", "REDIS_URL");

    private final Set<Process> running = new LinkedHashSet<>();
    private boolean closed;

    /** Starts one that prints into a file, with no variable in its environment that would configure a node. */
    synchronized Process start(List<String> command, File log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().keySet().removeIf(key -> OURS.contains(key) || key.startsWith("BROADCAST_"));
        return add(builder);
    }

    /** Starts what an operator wrote, in a shell; it prints to our standard error. */
    public synchronized Process shell(String command) {
        return add(new ProcessBuilder("sh", "-c", "exec 1>&2; " + command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    /** Runs a short command to its end; fails with what it printed. */
    static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new DeploymentException("\"" + String.join(" ", command) + "\" failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new DeploymentException(
                    "\"" + String.join(" ", command) + "\" could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeploymentException("interrupted");
        }
    }

    /** SIGKILL, and waits for the end. */
    static void kill(Process process) {
        process.destroyForcibly();
        awaitEnd(process, END_SECONDS * 1000L);
    }

    /** Tells whether it ended in time. */
    static boolean awaitEnd(Process process, long timeoutMs) {
        try {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        running.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        running.forEach(process -> awaitEnd(process, END_SECONDS * 1000L));
        running.clear();
    }

    private Process add(ProcessBuilder builder) {
        if (closed) {
            throw new DeploymentException("the tool is about to end");
        }
        running.removeIf(process -> !process.isAlive());
        try {
            Process process = builder.start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new DeploymentException(
                    "\"" + builder.command().get(0) + "\" could not be started: " + e.getMessage());
        }
    }
}
