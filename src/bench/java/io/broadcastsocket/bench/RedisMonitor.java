package io.broadcastsocket.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the commands with a word in them that Redis gets, by its {@code MONITOR}. Thread-safe. */
final class RedisMonitor implements AutoCloseable {
    private final ChildProcess child;
    private final AtomicLong count = new AtomicLong();

    private RedisMonitor(ChildProcess child) {
        this.child = child;
    }

    /** Watches from here on. */
    static RedisMonitor start(RedisProcess redis, String word, Path directory) throws IOException {
        List<String> command = List.of("redis-cli", "-p", Integer.toString(redis.port), "MONITOR");
        RedisMonitor monitor = new RedisMonitor(
                ChildProcess.talkingTo(command, Processor.GENERATOR, directory.resolve("monitor.log")));
        BufferedReader lines = monitor.child.process.inputReader(StandardCharsets.UTF_8);
        lines.readLine();
        Thread reader = new Thread(() -> monitor.read(lines, word), "monitor");
        reader.setDaemon(true);
        reader.start();
        return monitor;
    }

    private void read(BufferedReader lines, String word) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(word)) {
                    count.incrementAndGet();
                }
            }
        } catch (IOException e) {
            if (child.process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() {
        child.close();
    }
}
