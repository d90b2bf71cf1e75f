package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The modes that measure connections without load: handshakes per second, and what idle connections cost. */
final class ConnectionModes {
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

    private void subscribe(Crowd crowd, int count) throws IOException {
        crowd.subscribe(count, crowd.replies, 0, connection -> List.of(Publisher.channelName(connection.index)));
    }
}
