package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open loop in three spans: all read; some stop reading; they read again. The others' latencies of the first two are compared, the
 * server's memory is sampled, and in the end those who stalled must have every message or an announced gap.
 */
final class StalledMode {
    /** Small, so that the server feels the stall instead of the kernel hiding it. */
    private static final int RECEIVE_BUFFER = 16 * 1024;

    private final GeneratorOptions options;
    private final ProcessFigures server;
    private final List<AuditSink> audits = new ArrayList<>();
    private final List<Connection> stalling = new ArrayList<>();

    StalledMode(GeneratorOptions options) {
        this.options = options;
        this.server = new ProcessFigures(options.serverPid());
    }

    Map<String, Object> run() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        int steady = options.subscribers() - options.stalled();
        Ledger ledger = new Ledger(steady);
        try (Crowd crowd = new Crowd(options)) {
            crowd.subscribe(steady, new FanOutSink(ledger, crowd.replies, steady), 0);
            for (int i = 0; i < options.stalled(); i++) {
                AuditSink audit = new AuditSink(ledger, crowd.replies);
                audits.add(audit);
                stalling.addAll(crowd.subscribe(1, audit, RECEIVE_BUFFER));
            }
            OpenLoop loop = new OpenLoop(crowd.swarm, ledger, crowd.publisher(ledger, 0), options.rate());
            boolean held = loop.run(options.warmUp());
            held &= span(result, "before", loop, ledger, options.seconds());
            settle(crowd, ledger);
            Checkpoint.reach("before", crowd.swarm);
            stalling.forEach(Connection::stall);
            held &= span(result, "during", loop, ledger, options.stallSeconds());
            settle(crowd, ledger);
            Checkpoint.reach("during", crowd.swarm);
            stalling.stream().filter(connection -> !connection.isClosed()).forEach(Connection::resume);
            held &= span(result, "after", loop, ledger, Math.min(10, options.seconds()));
            settle(crowd, ledger);
            crowd.await(() -> audits.stream().allMatch(audit -> audit.accountedFor() >= ledger.published()));
            result.put("published", ledger.published());
            Findings.verification(result, crowd, ledger, failures(result, ledger, held));
        }
        return result;
    }

    private void settle(Crowd crowd, Ledger ledger) throws IOException {
        crowd.await(() -> ledger.underWay() == 0);
    }

    /** Runs the load second by second so that the memory can be sampled in between. */
    private boolean span(Map<String, Object> result, String name, OpenLoop loop, Ledger ledger, double seconds)
            throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        long most = server.residentKilobytes();
        boolean held = true;
        ledger.startRecording();
        Window window = new Window(ledger, server);
        for (int second = 0; second < seconds && held; second++) {
            held = loop.run(1);
            most = Math.max(most, server.residentKilobytes());
        }
        window.end(figures);
        Findings.latency(figures, "", ledger.stopRecording());
        figures.put("mostResidentKb", most);
        result.put(name, figures);
        return held;
    }

    private List<String> failures(Map<String, Object> result, Ledger ledger, boolean held) {
        long received = audits.stream().mapToLong(AuditSink::received).min().orElse(0);
        long announced = audits.stream().mapToLong(AuditSink::announced).max().orElse(0);
        long silent = audits.stream().mapToLong(AuditSink::silentlyLost).sum();
        long misordered = audits.stream().mapToLong(AuditSink::misordered).sum();
        long short0 = audits.stream()
                .filter(audit -> audit.accountedFor() < ledger.published())
                .count();
        result.put("stalledReceived", received);
        result.put("stalledAnnouncedGap", announced);
        List<String> failures = new ArrayList<>();
        if (silent + misordered + short0 > 0) {
            failures.add("stalled subscribers: " + silent + " lost without a gap, " + misordered + " out of order, "
                    + short0 + " incomplete");
        }
        if (!held) {
            failures.add("rate not held");
        }
        return failures;
    }
}
