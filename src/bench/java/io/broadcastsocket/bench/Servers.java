package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Builds the references that this machine can run and starts any contender on a free port. */
final class Servers {
    private static final Path SOURCES = Path.of("src", "bench");
    private static final long START_DEADLINE = TimeUnit.SECONDS.toNanos(30);

    private final BenchmarkOptions options;
    private final Path directory;
    private final Map<Contender, String> absent = new EnumMap<>(Contender.class);
    private List<String> limit;

    Servers(BenchmarkOptions options, Path directory) {
        this.options = options;
        this.directory = directory;
        if (!Files.exists(options.serverJar())) {
            Stream.of(Contender.values())
                    .filter(Contender::isServerUnderTest)
                    .forEach(contender -> absent.put(contender, "the server's jar is missing"));
        }
        prepareLimit();
        prepareNode();
        String redis = RedisProcess.absence();
        if (!redis.isEmpty()) {
            List.of(Contender.OURS_REDIS, Contender.BRIDGE, Contender.REDIS_BENCHMARK)
                    .forEach(contender -> absent.put(contender, redis));
        }
    }

    /** Why a contender cannot take part, for those that cannot. */
    Map<Contender, String> absent() {
        return absent;
    }

    String limitKind() {
        return limit.size() == 1 ? "C, epoll" : "Netty, for want of a C compiler";
    }

    private void prepareLimit() {
        for (String compiler : List.of("cc", "gcc", "clang")) {
            if (Processor.onPath(compiler)) {
                try {
                    Path binary = directory.resolve("limit");
                    ChildProcess.run(
                            List.of(
                                    compiler,
                                    "-O2",
                                    "-o",
                                    binary.toString(),
                                    SOURCES.resolve("c/limit.c").toString()),
                            Path.of("."));
                    limit = List.of(binary.toString());
                    return;
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                }
            }
        }
        limit = ownMain(NettyLimit.class, List.of());
    }

    private void prepareNode() {
        Path folder = SOURCES.resolve("node");
        if (!Processor.onPath("node")) {
            absent.put(Contender.NODE_WS, "node is not installed");
        } else if (!Files.exists(folder.resolve("node_modules/ws"))) {
            try {
                ChildProcess.run(List.of("npm", "ci", "--no-audit", "--no-fund"), folder);
            } catch (IOException e) {
                absent.put(Contender.NODE_WS, "npm ci failed");
            }
        }
    }

    /** Starts a contender and waits until it accepts connections. */
    RunningServer start(Contender contender, Scenario scenario) throws IOException {
        return start(contender, scenario, Processor.SERVER, new JsonObject());
    }

    /** @param backend a part of the configuration, for the server under test */
    RunningServer start(Contender contender, Scenario scenario, Processor processor, JsonObject backend)
            throws IOException {
        RunningServer server = launch(contender, scenario, processor, backend);
        await(contender, server, () -> accepts(server.port));
        return server;
    }

    /** Starts a contender and does not wait. */
    RunningServer launch(Contender contender, Scenario scenario, Processor processor, JsonObject backend)
            throws IOException {
        int port = freePort();
        List<String> command = command(contender, port, scenario, backend);
        return new RunningServer(ChildProcess.start(command, processor, log(contender)), port);
    }

    /** Waits until the condition holds; ends the server if it does not in time, or ends itself. */
    void await(Contender contender, RunningServer server, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + START_DEADLINE;
        while (!condition.getAsBoolean()) {
            if (!server.isAlive() || System.nanoTime() > deadline) {
                server.close();
                throw new IOException(contender.title + " did not start: " + Files.readString(log(contender)));
            }
            pause(50);
        }
    }

    private Path log(Contender contender) {
        return directory.resolve(contender.name().toLowerCase(Locale.ROOT) + ".log");
    }

    private List<String> command(Contender contender, int port, Scenario scenario, JsonObject backend)
            throws IOException {
        String number = Integer.toString(port);
        switch (contender) {
            case OURS:
            case OURS_2:
            case OURS_3:
            case OURS_REDIS:
                return ServerUnderTest.command(options.serverJar(), port, scenario, directory, backend);
            case SEND_LIMIT:
                return with(limit, "S", number);
            case COALESCE_LIMIT:
                return with(limit, "K", number);
            case NAIVE_NIO:
                return with(ownMain(NaiveVertx.class, scenario.jvmFlags()), number, "nio");
            case NAIVE_EPOLL:
                return with(ownMain(NaiveVertx.class, scenario.jvmFlags()), number, "epoll");
            case NODE_WS:
                return List.of("node", SOURCES.resolve("node/ws-server.js").toString(), number);
            default:
                throw new IllegalArgumentException(contender.title + " is no server");
        }
    }

    /** The command that starts a main class of the benchmark itself. */
    static List<String> ownMain(Class<?> main, List<String> jvmFlags) {
        List<String> command = new ArrayList<>(List.of(Benchmark.java()));
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private static List<String> with(List<String> command, String... arguments) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(arguments));
        return whole;
    }

    private static final String HANDSHAKE = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether a WebSocket can be opened: a server may listen before it serves. */
    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes(12);
            return new String(status, StandardCharsets.US_ASCII).endsWith(" 101");
        } catch (IOException e) {
            return false;
        }
    }

    static void pause(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
