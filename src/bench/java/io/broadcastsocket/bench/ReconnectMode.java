package io.broadcastsocket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Clients of a few channels on two nodes; the first node is killed while messages go on, and all its clients come to the
 * other one at once and resume where they stood.
 *
 * <p>Checkpoints: {@code subscribed}; {@code kill}, at which the first node has to be killed; {@code served}.
 */
final class ReconnectMode {
    private static final int IN_PROGRESS = 512;
    private static final double AWAY_SECONDS = 1;

    private final GeneratorOptions options;
    private final List<ResumeSink> doomed = new ArrayList<>();
    private final List<ResumeSink> others = new ArrayList<>();
    private final List<String> channels;

    ReconnectMode(GeneratorOptions options) {
        this.options = options;
        this.channels = IntStream.range(0, options.channels())
                .mapToObj(Publisher::channelName)
                .toList();
    }

    Map<String, Object> run() throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = new Ledger(0);
        try (Crowd crowd = new Crowd(options)) {
            Marker marker = new Marker();
            String[] epochs = new String[options.channels()];
            subscribe(crowd, doomed, options.subscribers(), marker, epochs);
            crowd.swarm.connectTo(options.others().get(0).port());
            subscribe(crowd, others, options.first(), marker, epochs);
            Publisher publisher = crowd.publisher(ledger, options.channels());
            Checkpoint.reach("subscribed", crowd.swarm);
            OpenLoop loop = new OpenLoop(crowd.swarm, ledger, publisher, options.rate());
            loop.run(options.warmUp());

            Checkpoint.reach("kill", crowd.swarm);
            crowd.await(() -> crowd.swarm.closedCount() == doomed.size());
            int ended = crowd.swarm.forgetClosures();
            loop.run(AWAY_SECONDS);
            long missed = ledger.published() * doomed.size()
                    - doomed.stream().mapToLong(ResumeSink::received).sum();

            Reconnection reconnection = new Reconnection(ledger.published());
            crowd.swarm.afterEveryRead(reconnection::look);
            crowd.swarm.open(doomed, IN_PROGRESS, connection -> resume(connection));
            long connected = System.nanoTime();
            boolean served = crowd.await(() -> reconnection.look(System.nanoTime()));
            crowd.swarm.afterEveryRead(now -> {});
            result.put("servedSeconds", (reconnection.doneAt - reconnection.begin) / 1e9);
            result.put("connectedSeconds", (connected - reconnection.begin) / 1e9);
            result.put("clients", doomed.size());
            result.put("missed", missed);
            result.put("channels", options.channels());
            loop.run(1);
            boolean complete = crowd.await(() -> all().allMatch(client -> client.has(ledger.published())));
            Checkpoint.reach("served", crowd.swarm);
            result.put("published", ledger.published());
            List<String> failures = new ArrayList<>();
            long wrong = all().mapToLong(ResumeSink::wrong).sum();
            if (wrong > 0) {
                failures.add(wrong + " deliveries out of order, twice or after a hole");
            }
            if (!served || !complete) {
                failures.add(
                        all().filter(client -> !client.has(ledger.published())).count() + " clients are incomplete");
            }
            if (ended != doomed.size()) {
                failures.add(ended + " connections ended with the node");
            }
            Findings.verification(result, crowd, ledger, failures);
        }
        return result;
    }

    private java.util.stream.Stream<ResumeSink> all() {
        return java.util.stream.Stream.concat(doomed.stream(), others.stream());
    }

    private void subscribe(Crowd crowd, List<ResumeSink> clients, int count, Marker marker, String[] epochs)
            throws IOException {
        List<ResumeSink> sinks = IntStream.range(0, count)
                .mapToObj(i -> new ResumeSink(crowd.replies, marker, epochs))
                .toList();
        clients.addAll(sinks);
        crowd.subscribe(sinks, connection -> channels);
    }

    private static void resume(Connection connection) {
        try {
            connection.sendText(((ResumeSink) connection.sink).resume());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When the last client had what was published before they came back. */
    private final class Reconnection {
        private final long begin = System.nanoTime();
        private final long target;
        private int served;
        private long doneAt;

        Reconnection(long target) {
            this.target = target;
        }

        boolean look(long now) {
            while (served < doomed.size() && doomed.get(served).has(target)) {
                served++;
            }
            if (served == doomed.size() && doneAt == 0) {
                doneAt = now;
            }
            return doneAt != 0;
        }
    }
}
