package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The modes that measure deliveries: closed loop, open loop, many channels. */
final class LoadModes {
    private static final double WARM_UP_RATE_SHARE = 0.5;

    private final GeneratorOptions options;
    private final ProcessFigures server;

    LoadModes(GeneratorOptions options) {
        this.options = options;
        this.server = options.nodes();
    }

    /** One channel, as many subscribers on each node, {@code window} messages under way. */
    Map<String, Object> window() throws IOException {
        int all = options.allSubscribers();
        Ledger ledger = new Ledger(all);
        try (Crowd crowd = new Crowd(options)) {
            crowd.subscribeEverywhere(new FanOutSink(ledger, crowd.replies, all));
            return closedLoop(crowd, ledger, crowd.publisher(ledger, 0));
        }
    }

    /** Channels with one subscriber each; a connection holds several when there are more channels than connections. */
    Map<String, Object> channels() throws IOException {
        Ledger ledger = new Ledger(1);
        try (Crowd crowd = new Crowd(options)) {
            crowd.subscribe(
                    options.subscribers(),
                    new ChannelsSink(ledger, crowd.replies, options.channels()),
                    0,
                    this::channelsOf);
            return closedLoop(crowd, ledger, crowd.publisher(ledger, options.channels()));
        }
    }

    private List<String> channelsOf(Connection connection) {
        return IntStream.iterate(
                        connection.index,
                        channel -> channel < options.channels(),
                        channel -> channel + options.subscribers())
                .mapToObj(Publisher::channelName)
                .collect(Collectors.toList());
    }

    private Map<String, Object> closedLoop(Crowd crowd, Ledger ledger, Publisher publisher) throws IOException {
        ClosedLoop loop = new ClosedLoop(crowd.swarm, ledger, publisher, options.window());
        loop.run(options.warmUp());
        settling().run(seconds -> {
            loop.run(seconds);
            return true;
        });
        Map<String, Object> result = new LinkedHashMap<>();
        ledger.startRecording();
        Window window = new Window(ledger, server);
        loop.run(options.seconds());
        window.end(result);
        Findings.latency(result, "", ledger.stopRecording());
        crowd.await(() -> ledger.underWay() == 0);
        Findings.verification(result, crowd, ledger, List.of());
        return result;
    }

    /** One channel, as many subscribers on each node, a fixed rate. */
    Map<String, Object> rate() throws IOException {
        int all = options.allSubscribers();
        Ledger ledger = new Ledger(all);
        try (Crowd crowd = new Crowd(options)) {
            crowd.subscribeEverywhere(new FanOutSink(ledger, crowd.replies, all));
            return openLoop(crowd, ledger, crowd.publisher(ledger, 0));
        }
    }

    /** Subscribers on the node that is published through, and as many on another if there is one; the acks are timed too. */
    Map<String, Object> hop() throws IOException {
        int each = options.subscribers();
        Ledger near = new Ledger(each);
        Ledger far = new Ledger(each);
        Ledger acks = new Ledger(1);
        Ledger ledger = new Ledger(0, near, far, acks);
        List<Integer> ports = options.ports();
        try (Crowd crowd = new Crowd(options)) {
            crowd.subscribe(each, new FanOutSink(near, crowd.replies, each), 0);
            crowd.swarm.connectTo(ports.get(ports.size() > 1 ? 1 : 0));
            crowd.subscribe(each, new FanOutSink(far, crowd.replies, 2 * each), 0);
            crowd.swarm.connectTo(options.port());
            Publisher publisher = crowd.publisher(ledger, 0, new AckSink(acks, crowd.replies));
            // At a low rate the compilers would be at it all the time.
            new ClosedLoop(crowd.swarm, ledger, publisher, options.window()).run(options.warmUp());
            crowd.await(() -> ledger.underWay() == 0);
            Map<String, Object> result = openLoop(crowd, ledger, publisher);
            Map.of("near", near, "far", far, "acks", acks).forEach((name, part) -> {
                Map<String, Object> latencies = new LinkedHashMap<>();
                Findings.latency(latencies, "", part.stopRecording());
                result.put(name, latencies);
            });
            return result;
        }
    }

    /** Publications that nobody listens to, {@code window} of them without an ack; to one channel, or to many in turn. */
    Map<String, Object> acks() throws IOException {
        Ledger ledger = new Ledger(1);
        try (Crowd crowd = new Crowd(options)) {
            int channels = options.channels() == 1 ? 0 : options.channels();
            return closedLoop(crowd, ledger, crowd.publisher(ledger, channels, new AckSink(ledger, crowd.replies)));
        }
    }

    private Settling settling() {
        return new Settling(server, options.settle());
    }

    private Map<String, Object> openLoop(Crowd crowd, Ledger ledger, Publisher publisher) throws IOException {
        new OpenLoop(crowd.swarm, ledger, publisher, options.rate() * WARM_UP_RATE_SHARE).run(options.warmUp() / 2);
        OpenLoop loop = new OpenLoop(crowd.swarm, ledger, publisher, options.rate());
        boolean held = loop.run(options.warmUp() / 2) && settling().run(loop::run);
        Map<String, Object> result = new LinkedHashMap<>();
        ledger.startRecording();
        Window window = new Window(ledger, server);
        held = held && loop.run(options.seconds());
        window.end(result);
        ledger.stopRecording();
        crowd.await(() -> ledger.underWay() == 0);
        Findings.latency(result, "", ledger.stopRecording());
        List<String> failures = new ArrayList<>();
        if (!held) {
            failures.add("rate not held");
        }
        Findings.verification(result, crowd, ledger, failures);
        return result;
    }
}
