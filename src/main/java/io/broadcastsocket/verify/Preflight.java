package io.broadcastsocket.verify;

import io.broadcastsocket.verify.client.HistoryReader;
import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.deployment.Publishing;
import io.broadcastsocket.verify.deployment.RunningDeployment;
import io.broadcastsocket.verify.ledger.Ledger;
import io.broadcastsocket.verify.ledger.Survival;
import io.broadcastsocket.verify.load.Load;
import io.broadcastsocket.verify.options.Options;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Loop;
import io.broadcastsocket.verify.wire.Wires;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whether every node that an operator named can be reached, and takes publications, before anything is judged.
 *
 * <p>Confined to the script's thread.
 */
final class Preflight {
    private static final long CONNECT_MS = 10_000;
    private static final long PUBLISH_MS = 10_000;
    /** A whole minute's worth of broadcasts may have been used up. */
    private static final long RATE_LIMIT_MS = 65_000;

    private static final String CHANNEL = "verify/preflight/" + UUID.randomUUID();
    private static final double ONCE_PER_SECOND = 1;

    private final Loop loop;
    private final Wires wires;
    private final Options options;

    Preflight(Loop loop, Wires wires, Options options) {
        this.loop = loop;
        this.wires = wires;
        this.options = options;
    }

    /** @throws DeploymentException that says what cannot be done */
    void check(RunningDeployment deployment) {
        Publishing publishing = deployment.publishing();
        for (Endpoint node : deployment.endpoints()) {
            try {
                loop.complete(() -> HistoryReader.read(wires, node, CHANNEL), CONNECT_MS);
            } catch (IllegalStateException failure) {
                throw new DeploymentException("cannot connect to " + node + " as a client: " + failure.getMessage());
            }
        }
        int most = loop.ask(wires::maxChannels);
        if (options.channels() > most) {
            throw new DeploymentException("--channels " + options.channels() + " is more than the " + most
                    + " that a node allows to a connection");
        }
        publishing.sockets().forEach(node -> publish(node + " over WebSocket", load -> load.bySocket(node)));
        publishing.apis().forEach(api -> publish(api + " by HTTP", load -> load.byHttp(api, publishing.key())));
    }

    private void publish(String where, Consumer<Load> way) {
        Ledger ledger = new Ledger(Survival.UNCERTAIN);
        String prefix = "preflight-" + System.nanoTime() + "-";
        Load load = loop.ask(() -> new Load(
                loop.vertx(),
                wires,
                ledger,
                List.of(CHANNEL),
                prefix,
                ONCE_PER_SECOND,
                options.pace().answerMs(),
                new Random()));
        loop.run(() -> {
            way.accept(load);
            load.start();
        });
        BooleanSupplier answered =
                () -> ledger.acknowledgedCount() > 0 || load.denied().isPresent();
        boolean done = loop.await(answered, PUBLISH_MS)
                || (loop.ask(load::trouble).equals("rate-limited") && loop.await(answered, RATE_LIMIT_MS));
        loop.run(load::close);
        String why = loop.ask(() -> load.denied().orElse(done ? "" : load.trouble()));
        if (!why.isEmpty()) {
            throw new DeploymentException("cannot publish to " + where + ": " + why);
        }
    }
}
