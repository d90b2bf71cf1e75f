package io.broadcastsocket.verify;

import io.broadcastsocket.verify.client.Crowd;
import io.broadcastsocket.verify.client.HistoryReader;
import io.broadcastsocket.verify.client.HistoryReader.History;
import io.broadcastsocket.verify.deployment.Deployment;
import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.deployment.Publishing;
import io.broadcastsocket.verify.fault.Fault;
import io.broadcastsocket.verify.fault.Stage;
import io.broadcastsocket.verify.ledger.Ledger;
import io.broadcastsocket.verify.ledger.Survival;
import io.broadcastsocket.verify.ledger.Tally;
import io.broadcastsocket.verify.ledger.Violation;
import io.broadcastsocket.verify.load.Load;
import io.broadcastsocket.verify.options.Options;
import io.broadcastsocket.verify.report.FaultReport;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Endpoints;
import io.broadcastsocket.verify.wire.Loop;
import io.broadcastsocket.verify.wire.Relay;
import io.broadcastsocket.verify.wire.Wires;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One fault, with clients, channels and load of its own: load before it, during it and after it, and then everything is
 * compared.
 *
 * <p>Confined to the script's thread; what it makes lives on the loop.
 */
final class Trial {
    private static final long STEP_MS = 5000;
    private static final long SILENCE_MS = 2000;

    private final Loop loop;
    private final Wires wires;
    private final Options options;
    private final Deployment deployment;
    private final Fault fault;
    private final List<String> channels;
    private final Ledger ledger;
    private final List<Relay> relays = new ArrayList<>();
    private final Crowd crowd;
    private final Load load;
    private final Stage stage;

    /** @param run distinguishes the channels and ids of this trial from all others */
    Trial(Loop loop, Wires wires, Options options, Deployment deployment, Fault fault, String run, long seed) {
        this.loop = loop;
        this.wires = wires;
        this.options = options;
        this.deployment = deployment;
        this.fault = fault;
        this.ledger = new Ledger(fault.sparesState() ? Survival.CERTAIN : Survival.UNCERTAIN);
        String place = "verify/" + run + "/" + fault.name().replaceAll("[^A-Za-z0-9_-]", "_");
        this.channels = IntStream.range(0, options.channels())
                .mapToObj(i -> place + "/" + i)
                .toList();
        Random random = new Random(seed);
        Endpoints endpoints = new Endpoints(paths(), random);
        this.crowd = new Crowd(loop.vertx(), wires, endpoints, ledger, new LinkedHashSet<>(channels));
        this.load = new Load(
                loop.vertx(),
                wires,
                ledger,
                channels,
                run + "/",
                options.rate(),
                options.pace().answerMs(),
                random);
        this.stage = new Stage(loop, options.pace(), new Random(seed), wires, ledger, crowd, load, endpoints, relays);
    }

    FaultReport run() {
        Instant startedAt = Instant.now();
        long begin = System.nanoTime();
        try {
            play();
        } catch (DeploymentException failure) {
            violate(Violation.Kind.FAULT, failure.getMessage());
        } finally {
            loop.run(this::close);
        }
        deployment.deaths().forEach(death -> violate(Violation.Kind.DEATH, death));
        return loop.ask(() -> new FaultReport(
                fault.name(),
                startedAt,
                (System.nanoTime() - begin) / 1_000_000,
                ledger.tally(),
                crowd.resumes(),
                crowd.longestPause() / 1_000_000,
                crowd.recoveries().stream().map(nanos -> nanos / 1_000_000).toList()));
    }

    private void play() {
        loop.run(() -> {
            crowd.start(options.clients());
            Publishing publishing = deployment.publishing();
            publishing.sockets().forEach(load::bySocket);
            publishing.apis().forEach(api -> load.byHttp(api, publishing.key()));
        });
        if (!loop.await(crowd::isSubscribed, crowd.startMs() + options.pace().recoveryMs())) {
            loop.run(() -> stage.unserved("not subscribed before the fault", crowd.unsubscribed()));
            return;
        }
        loop.run(() -> {
            load.start();
            crowd.watch();
        });
        loop.pause(options.pace().aroundMs());
        try {
            fault.play(stage);
            loop.pause(options.pace().aroundMs());
        } catch (DeploymentException failure) {
            violate(Violation.Kind.FAULT, failure.getMessage());
        }
        compare();
    }

    /** Waits until everybody has everything, and compares it. */
    private void compare() {
        loop.run(() -> {
            load.stop();
            crowd.rest();
        });
        long limit = stage.limitMs();
        if (!loop.await(() -> load.unacknowledged() == 0, limit)) {
            loop.run(() -> ledger.violate(
                    Violation.Kind.UNSERVED,
                    load.unacknowledged() + " publications were not acknowledged within " + limit / 1000 + " s"
                            + load.denied().map(why -> ": " + why).orElse("")));
        }
        Map<String, History> histories = histories(limit);
        // Who is not there is named when each is compared.
        loop.await(
                () -> histories.entrySet().stream()
                        .allMatch(history -> ledger.allAt(
                                history.getKey(), history.getValue().top())),
                limit);
        awaitSilence(limit);
        Map<String, History> last = histories(limit);
        loop.run(() -> {
            last.forEach((channel, history) -> ledger.conclude(channel, history.top(), history.messageIds()));
            checkProof();
        });
    }

    /** What comes late may be a duplicate. */
    private void awaitSilence(long limitMs) {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        long before;
        do {
            before = loop.ask(ledger::deliveries);
            loop.pause(SILENCE_MS);
        } while (loop.ask(ledger::deliveries) != before && System.nanoTime() < deadline);
    }

    /** Nothing is proven by nothing. */
    private void checkProof() {
        Tally tally = ledger.tally();
        if (tally.acknowledged() == 0 || tally.deliveries() == 0) {
            ledger.violate(Violation.Kind.UNSERVED, "nothing was published and delivered, so nothing is proven");
        }
    }

    private Map<String, History> histories(long limitMs) {
        Map<String, History> histories = new LinkedHashMap<>();
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        List<Endpoint> nodes = deployment.endpoints();
        int turn = 0;
        while (histories.size() < channels.size()) {
            String channel = channels.get(histories.size());
            Endpoint node = nodes.get(turn++ % nodes.size());
            try {
                histories.put(channel, loop.complete(() -> HistoryReader.read(wires, node, channel), STEP_MS));
            } catch (IllegalStateException failure) {
                if (System.nanoTime() > deadline) {
                    throw new DeploymentException("the history of " + channel
                            + " cannot be read from any node, last from " + node + ": " + failure.getMessage());
                }
                loop.pause(100);
            }
        }
        return histories;
    }

    /** The nodes, each through a relay if the fault cuts connections. */
    private List<Endpoint> paths() {
        if (!fault.cutsConnections()) {
            return deployment.endpoints();
        }
        List<Endpoint> paths = new ArrayList<>();
        for (Endpoint node : deployment.endpoints()) {
            Relay relay = loop.complete(() -> Relay.socks(loop.vertx(), node.host(), node.port()), STEP_MS);
            relays.add(relay);
            paths.add(node.via(relay.port()));
        }
        return paths;
    }

    private void violate(Violation.Kind kind, String text) {
        loop.run(() -> ledger.violate(kind, text));
    }

    private void close() {
        crowd.close();
        load.close();
        relays.forEach(Relay::close);
    }
}
