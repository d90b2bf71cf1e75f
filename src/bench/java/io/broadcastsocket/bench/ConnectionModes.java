package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The modes that measure connections without load: handshakes per second, and what idle connections cost. */
final class ConnectionModes {
    private static final int CHANNELS_PER_CONNECTION = 100;

    /** After this a node that is told to linger for {@link ServerUnderTest#LINGER_MS} has let go of what nobody listens to. */
    private static final double LINGER_SECONDS = 3;

    private final GeneratorOptions options;
    private final ProcessFigures server;

    ConnectionModes(GeneratorOptions options) {
        this.options = options;
        this.server = new ProcessFigures(options.serverPid());
    }

    /** From the first connect to the last upgrade; neither process was warmed up. */
    Map<String, Object> connect() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(0);
        try (Crowd crowd = new Crowd(options)) {
            Window window = new Window(ledger, server);
            crowd.swarm.open(options.subscribers(), options.inProgress(), crowd.replies, 0, connection -> {});
            window.end(result);
            result.put("handshakesPerSecond", options.subscribers() / (double) result.get("seconds"));
            Findings.verification(result, crowd, ledger, List.of());
        }
        return result;
    }

    /** Checkpoints {@code first} with the first connections and {@code all} with all of them; each subscribes to a channel of its own. */
    Map<String, Object> idle() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(0);
        try (Crowd crowd = new Crowd(options)) {
            subscribe(crowd, options.first());
            Checkpoint.reach("first", crowd.swarm);
            subscribe(crowd, options.subscribers() - options.first());
            Checkpoint.reach("all", crowd.swarm);
            Findings.verification(result, crowd, ledger, List.of());
        }
        result.put("connections", options.subscribers());
        result.put("first", options.first());
        return result;
    }

    /**
     * Checkpoints {@code connected}, {@code subscribed}, {@code idle} and, without Redis, {@code left}: many channels on few
     * connections, without traffic.
     */
    Map<String, Object> channels() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(0);
        ProcessFigures beside = options.beside();
        int connections = options.channels() / CHANNELS_PER_CONNECTION;
        try (Crowd crowd = new Crowd(options)) {
            List<Connection> opened = crowd.swarm.open(connections, 16, crowd.replies, 0, connection -> {});
            Checkpoint.reach("connected", crowd.swarm);
            long begin = System.nanoTime();
            double serverCpu = server.cpuSeconds();
            double besideCpu = beside.cpuSeconds();
            crowd.subscribeOn(opened, ConnectionModes::channelsOf);
            result.put("subscribeSeconds", (System.nanoTime() - begin) / 1e9);
            result.put("subscribeServerCpuSeconds", server.cpuSeconds() - serverCpu);
            result.put("subscribeBesideCpuSeconds", beside.cpuSeconds() - besideCpu);
            Checkpoint.reach("subscribed", crowd.swarm);
            begin = System.nanoTime();
            serverCpu = server.cpuSeconds();
            besideCpu = beside.cpuSeconds();
            crowd.serve(options.seconds());
            double seconds = (System.nanoTime() - begin) / 1e9;
            result.put("idleSeconds", seconds);
            result.put("idleServerUtilisation", (server.cpuSeconds() - serverCpu) / seconds);
            result.put("idleBesideUtilisation", (beside.cpuSeconds() - besideCpu) / seconds);
            Checkpoint.reach("idle", crowd.swarm);
            if (options.redisPid() == 0) {
                crowd.unsubscribeOn(opened, ConnectionModes::channelsOf);
                crowd.serve(LINGER_SECONDS);
                Checkpoint.reach("left", crowd.swarm);
            }
            Findings.verification(result, crowd, ledger, List.of());
        }
        result.put("channels", options.channels());
        return result;
    }

    private static List<String> channelsOf(Connection connection) {
        return IntStream.range(0, CHANNELS_PER_CONNECTION)
                .mapToObj(i -> Publisher.channelName((long) connection.index * CHANNELS_PER_CONNECTION + i))
                .toList();
    }

    private void subscribe(Crowd crowd, int count) throws IOException {
        crowd.subscribe(count, crowd.replies, 0, connection -> List.of(Publisher.channelName(connection.index)));
    }
}
