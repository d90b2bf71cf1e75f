package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process of the benchmark, pinned to one processor where there are several. {@link #endAll()} ends those that are left. */
final class ChildProcess implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final int GRACE_SECONDS = 5;
    private static boolean ending;

    final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** Starts a process whose output goes to the end of {@code log}. */
    static ChildProcess start(List<String> command, Processor processor, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(pinned(command, processor)).redirectErrorStream(true);
        return started(builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** Starts a process whose standard output is read by the caller; its errors go to the end of {@code log}. */
    static ChildProcess talkingTo(List<String> command, Processor processor, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(pinned(command, processor));
        return started(builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    private static ChildProcess started(ProcessBuilder builder) throws IOException {
        synchronized (RUNNING) {
            if (ending) {
                throw new IOException("the benchmark is ending");
            }
            Process process = builder.start();
            RUNNING.add(process);
            return new ChildProcess(process);
        }
    }

    /** Ends all processes that are running; none can be started any more. */
    static void endAll() {
        synchronized (RUNNING) {
            ending = true;
        }
        RUNNING.forEach(ChildProcess::end);
    }

    private static List<String> pinned(List<String> command, Processor processor) {
        List<String> pinned = new ArrayList<>(processor.pinning());
        pinned.addAll(command);
        return pinned;
    }

    /** Runs a command to its end and returns its output, or throws if it fails or takes longer than two minutes. */
    static String run(List<String> command, Path directory) throws IOException {
        Path output = Files.createTempFile("benchmark", ".out");
        try (ChildProcess child = started(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()))) {
            if (!child.process.waitFor(2, TimeUnit.MINUTES) || child.process.exitValue() != 0) {
                throw new IOException(
                        command.get(0) + " failed: " + Files.readString(output).strip());
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    @Override
    public void close() {
        end(process);
        RUNNING.remove(process);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
