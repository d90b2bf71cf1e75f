package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A redis-server of one run, which stores nothing on disk; it is asked through redis-cli. */
final class RedisProcess implements AutoCloseable {
    private static final long START_DEADLINE = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern CALLS = Pattern.compile("calls=(\\d+)");

    final int port;
    private final ChildProcess child;

    private RedisProcess(ChildProcess child, int port) {
        this.child = child;
        this.port = port;
    }

    /** Why there is none, or an empty text. */
    static String absence() {
        return List.of("redis-server", "redis-cli", "redis-benchmark").stream()
                .filter(program -> !Processor.onPath(program))
                .map(program -> program + " is not installed")
                .findFirst()
                .orElse("");
    }

    /** Starts one and waits until it answers. */
    static RedisProcess start(Processor processor, Path directory) throws IOException {
        int port = Servers.freePort();
        List<String> command = List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString());
        ChildProcess child = ChildProcess.start(command, processor, directory.resolve("redis.log"));
        RedisProcess redis = new RedisProcess(child, port);
        long deadline = System.nanoTime() + START_DEADLINE;
        while (!redis.answers()) {
            if (!child.process.isAlive() || System.nanoTime() > deadline) {
                child.close();
                throw new IOException("redis-server did not start");
            }
            Servers.pause(20);
        }
        return redis;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    long pid() {
        return child.process.pid();
    }

    /** The reply to a command, as redis-cli prints it. */
    String call(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
        words.addAll(List.of(command));
        return ChildProcess.run(words, Path.of(".")).strip();
    }

    /** By what Redis knows a script that is made of these parts. */
    static String digest(String... parts) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (String part : parts) {
                try (var in = RedisProcess.class.getResourceAsStream("/redis/" + part)) {
                    digest.update(in.readAllBytes());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** Whether somebody has loaded the script with this digest. */
    boolean has(String digest) throws IOException {
        return call("SCRIPT", "EXISTS", digest).equals("1");
    }

    private Map<String, String> info(String section) throws IOException {
        return call("INFO", section)
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.strip().split(":", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }

    /** How often a command was executed, in scripts too. */
    long calls(String command) throws IOException {
        Matcher calls = CALLS.matcher(info("commandstats").getOrDefault("cmdstat_" + command, ""));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** Commands so far, those in scripts included. */
    long commands() throws IOException {
        return Long.parseLong(info("stats").get("total_commands_processed"));
    }

    /** Bytes that its data and connections take by its own account. */
    long usedMemory() throws IOException {
        return Long.parseLong(info("memory").get("used_memory"));
    }

    private boolean answers() {
        try {
            return call("PING").equals("PONG");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
