package io.broadcastsocket.testing.redis;

import io.broadcastsocket.testing.FreePort;
import io.broadcastsocket.testing.TestCertificate;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.awaitility.Awaitility;

/**
 * A real redis-server on a loopback port, which keeps the port for its life.
 *
 * <p>{@link #cli} has a user of its own that may do everything, so it works whatever a test does to the default user.
 */
public final class RedisServer implements AutoCloseable {
    private static final int DEADLINE_MS = 10_000;
    private static final String CLI_USER = "fixture";
    private static final String CLI_PASSWORD = "fixture-secret";

    private final RedisBinary binary;
    private final int port;
    private final String scheme;
    private final String password;
    private final Resp resp;
    private final RedisProcess process;

    private RedisServer(Builder options) {
        binary = options.binary;
        port = FreePort.next();
        scheme = options.certificate == null ? "redis" : "rediss";
        password = options.password;
        resp = new Resp(
                port,
                options.certificate == null ? SocketFactory.getDefault() : options.certificate.socketFactory(),
                List.of("AUTH", CLI_USER, CLI_PASSWORD));
        process = RedisProcess.start(binary, options.configuration(port), resp);
    }

    /** Starts one that stores nothing on disk and wants no password. */
    public static RedisServer start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    public int port() {
        return port;
    }

    /** Its address, with the password if there is one. */
    public String url() {
        return scheme + "://"
                + (password.isEmpty() ? "" : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@")
                + "127.0.0.1:" + port;
    }

    /** The default user's password, empty without one. */
    public String password() {
        return password;
    }

    public RedisBinary binary() {
        return binary;
    }

    /** Everything it has printed. */
    public String output() {
        return process.output();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it with SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** Ends it with SIGTERM. */
    public void stop() {
        process.stop();
    }

    /** Starts it again on its port with what it has on disk; one that runs gets SIGTERM before. */
    public void restart() {
        if (process.isAlive()) {
            process.stop();
        }
        process.start();
    }

    /** Starts it again on its port with nothing stored; one that runs gets SIGKILL before. */
    public void restartEmpty() {
        process.kill();
        process.wipe();
        process.start();
    }

    /** Stops it with SIGSTOP: connections stay, others are accepted, nothing is answered. */
    public void pause() {
        process.pause();
    }

    /** Lets a paused one go on; it executes what came meanwhile. */
    public void resume() {
        process.resume();
    }

    /** Whether a PING on another connection is answered in this time. */
    public boolean answersWithin(int timeoutMs) {
        return process.answersWithin(timeoutMs);
    }

    /** Sends a command on a connection of its own; gives the reply as String, Long, List or null, or throws its error. */
    public Object cli(String... command) {
        return resp.call(DEADLINE_MS, command);
    }

    /** The fields of a section of INFO. */
    public Map<String, String> info(String section) {
        return ((String) cli("INFO", section))
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }

    /** How often a command was executed since the start or since CONFIG RESETSTAT, in scripts too. */
    public long calls(String command) {
        String stats = info("commandstats").getOrDefault("cmdstat_" + command.toLowerCase(Locale.ROOT), "");
        return Stream.of(stats.split(","))
                .filter(field -> field.startsWith("calls="))
                .mapToLong(field -> Long.parseLong(field.substring("calls=".length())))
                .sum();
    }

    /** Waits until this replica follows its master. */
    public RedisServer awaitLink() {
        Awaitility.await("the replica follows its master")
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMillis(2L * DEADLINE_MS))
                .until(() -> "up".equals(info("replication").get("master_link_status")));
        return this;
    }

    @Override
    public void close() {
        process.close();
    }

    /** What a server is started with. */
    public static final class Builder {
        private final List<String> lines = new ArrayList<>();
        private RedisBinary binary = RedisBinary.find();
        private String password = "";
        private TestCertificate certificate;

        private Builder() {
            with("save", "");
        }

        public Builder binary(RedisBinary other) {
            binary = other;
            return this;
        }

        /** The default user's, also towards a master. */
        public Builder password(String secret) {
            password = secret;
            return with("requirepass", secret).with("masterauth", secret);
        }

        /** A user with its rules, for example {@code "alice on >secret ~* &* +@all"}. */
        public Builder user(String rules) {
            return line("user " + rules);
        }

        /** Keeps every write over a restart: an append only file, written before each reply. */
        public Builder appendOnly() {
            return with("appendonly", "yes").with("appendfsync", "always");
        }

        /** Keeps a snapshot over {@link RedisServer#stop}, for example {@code save("3600", "1")}. */
        public Builder save(String seconds, String changes) {
            return with("save", seconds, changes);
        }

        public Builder replicaOf(RedisServer master) {
            return with("replicaof", "127.0.0.1", Integer.toString(master.port()));
        }

        /** Speaks TLS only; client certificates are not asked for. */
        public Builder tls(TestCertificate own) {
            certificate = own;
            return with("tls-cert-file", own.certificate().toString())
                    .with("tls-key-file", own.key().toString())
                    .with("tls-ca-cert-file", own.certificate().toString())
                    .with("tls-auth-clients", "no");
        }

        /** Any key of redis.conf with its values; a later one wins. */
        public Builder with(String key, String... values) {
            return line(Stream.of(values)
                    .map(value -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                    .collect(Collectors.joining(" ", key + " ", "")));
        }

        public RedisServer start() {
            return new RedisServer(this);
        }

        private Builder line(String line) {
            lines.add(line);
            return this;
        }

        private List<String> configuration(int port) {
            List<String> all = new ArrayList<>();
            all.add("bind 127.0.0.1");
            all.addAll(certificate == null ? List.of("port " + port) : List.of("port 0", "tls-port " + port));
            all.add("user " + CLI_USER + " on >" + CLI_PASSWORD + " allcommands allkeys allchannels");
            // A replica is served at once, not after the five seconds in which others could join.
            all.add("repl-diskless-sync-delay 0");
            if (binary.isAtLeast("7.0")) {
                all.add("enable-debug-command yes");
            }
            all.addAll(lines);
            return all;
        }
    }
}
