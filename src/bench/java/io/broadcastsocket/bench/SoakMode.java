package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Publishes to channels that nobody listens to, each used once, with a checkpoint every minute. */
final class SoakMode {
    private static final int NEVER_THE_SAME = Integer.MAX_VALUE;
    private static final int SECONDS_PER_CHECKPOINT = 60;

    private final GeneratorOptions options;

    SoakMode(GeneratorOptions options) {
        this.options = options;
    }

    Map<String, Object> run() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(0);
        try (Crowd crowd = new Crowd(options)) {
            OpenLoop loop = new OpenLoop(crowd.swarm, ledger, crowd.publisher(ledger, NEVER_THE_SAME), options.rate());
            double left = options.seconds();
            for (int minute = 1; left > 0; minute++) {
                double span = Math.min(left, SECONDS_PER_CHECKPOINT);
                loop.run(span);
                left -= span;
                Checkpoint.reach("minute " + minute, crowd.swarm);
            }
            boolean allAcked = crowd.await(() -> crowd.replies.acks() >= ledger.published());
            result.put("published", ledger.published());
            result.put("acks", crowd.replies.acks());
            List<String> failures = allAcked ? List.of() : List.of("not all publishes were acked");
            Findings.verification(result, crowd, ledger, failures);
        }
        return result;
    }
}
