package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Fills histories that nobody listens to. Checkpoints {@code empty}, with one publication in each channel, and {@code filled}. */
final class FillMode {
    private final GeneratorOptions options;

    FillMode(GeneratorOptions options) {
        this.options = options;
    }

    /** {@code first} publications in each channel, one of them before the first checkpoint. */
    Map<String, Object> run() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(1);
        try (Crowd crowd = new Crowd(options)) {
            Publisher publisher = crowd.publisher(ledger, options.channels(), new AckSink(ledger, crowd.replies));
            publish(crowd, ledger, publisher, options.channels());
            Checkpoint.reach("empty", crowd.swarm);
            long all = (long) options.channels() * options.first();
            publish(crowd, ledger, publisher, all);
            Checkpoint.reach("filled", crowd.swarm);
            result.put("messages", all - options.channels());
            Findings.verification(result, crowd, ledger, List.of());
        }
        return result;
    }

    private void publish(Crowd crowd, Ledger ledger, Publisher publisher, long until) throws IOException {
        while (ledger.published() < until) {
            while (ledger.underWay() < options.window() && ledger.published() < until) {
                publisher.publish(System.nanoTime());
            }
            publisher.flush();
            crowd.swarm.poll(TimeUnit.MILLISECONDS.toNanos(100));
        }
        crowd.await(() -> ledger.underWay() == 0);
    }
}
