package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The modes that measure nodes with Redis between them. */
final class RedisModes {
    private final GeneratorOptions options;
    private final ProcessFigures server;
    private final ProcessFigures redis;

    RedisModes(GeneratorOptions options) {
        this.options = options;
        this.server = new ProcessFigures(options.serverPid());
        this.redis = new ProcessFigures(options.redisPid());
    }

    /** Keeps publishes to one channel under way that nobody listens to, until a line comes; then waits for the last ack. */
    String publish() throws IOException {
        Ledger ledger = new Ledger(0);
        try (Crowd crowd = new Crowd(options)) {
            Publisher publisher = crowd.publisher(ledger, 0);
            crowd.await(() -> crowd.replies.acks() == 1);
            while (System.in.available() == 0) {
                while (ledger.published() - (crowd.replies.acks() - 1) < options.window()) {
                    publisher.publish(0);
                }
                publisher.flush();
                crowd.swarm.poll(TimeUnit.MILLISECONDS.toNanos(100));
            }
            crowd.await(() -> crowd.replies.acks() - 1 == ledger.published());
            return crowd.replies.errors() == 0
                    ? "ok " + (crowd.replies.acks() - 1)
                    : "errors: " + crowd.replies.samples();
        }
    }

    /** Two nodes with as many subscribers each, published to in turn at a fixed rate. */
    Map<String, Object> twoNodes() throws IOException {
        int all = 2 * options.subscribers();
        Ledger ledger = new Ledger(all);
        try (Crowd crowd = new Crowd(options)) {
            OffsetSink sink = new OffsetSink(ledger, crowd.replies, all);
            crowd.subscribe(options.subscribers(), sink, 0);
            crowd.swarm.connectTo(options.others().get(0).port());
            crowd.subscribe(options.subscribers(), sink, 0);
            List<Connection> publishers = new ArrayList<>(crowd.swarm.open(1, 1, crowd.replies, 0, connection -> {}));
            crowd.swarm.connectTo(options.port());
            publishers.addAll(crowd.swarm.open(1, 1, crowd.replies, 0, connection -> {}));
            Publisher publisher = new Publisher(ledger, publishers, Crowd.CHANNEL, 0, options.dataLength());
            long greetings = crowd.replies.acks();
            OpenLoop loop = new OpenLoop(crowd.swarm, ledger, publisher, options.rate());
            new OpenLoop(crowd.swarm, ledger, publisher, options.rate() / 2).run(options.warmUp());
            boolean held = loop.run(options.warmUp());
            Map<String, Object> result = new LinkedHashMap<>();
            ProcessFigures other = new ProcessFigures(options.others().get(0).pid());
            double otherCpu = other.cpuSeconds();
            double redisCpu = redis.cpuSeconds();
            ledger.startRecording();
            Window window = new Window(ledger, server);
            held = held && loop.run(options.seconds());
            window.end(result);
            double seconds = (double) result.get("seconds");
            result.put("otherUtilisation", (other.cpuSeconds() - otherCpu) / seconds);
            result.put("redisUtilisation", (redis.cpuSeconds() - redisCpu) / seconds);
            ledger.stopRecording();
            crowd.await(() -> ledger.underWay() == 0 && crowd.replies.acks() - greetings >= ledger.published());
            Findings.latency(result, "", ledger.stopRecording());
            result.put("subscribers", all);
            List<String> failures = new ArrayList<>();
            if (!held) {
                failures.add("rate not held");
            }
            long incomplete = sink.incomplete(all, ledger.published());
            if (incomplete > 0) {
                failures.add(incomplete + " subscribers have not all offsets up to " + ledger.published());
            }
            Findings.verification(result, crowd, ledger, failures);
            return result;
        }
    }
}
