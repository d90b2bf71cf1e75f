package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.client.Crowd;
import io.broadcastsocket.verify.ledger.Ledger;
import io.broadcastsocket.verify.ledger.Violation;
import io.broadcastsocket.verify.load.Load;
import io.broadcastsocket.verify.options.Pace;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Endpoints;
import io.broadcastsocket.verify.wire.Loop;
import io.broadcastsocket.verify.wire.Relay;
import io.broadcastsocket.verify.wire.Wires;
import java.util.List;
import java.util.Random;

/**
 * What a fault acts upon: clients and load of one trial, and the time.
 *
 * <p>Confined to the script's thread; clients, load and ledger are reached through the loop.
 *
 * @param relays through which the clients connect, when the fault wants that
 */
public record Stage(
        Loop loop,
        Pace pace,
        Random random,
        Wires wires,
        Ledger ledger,
        Crowd crowd,
        Load load,
        Endpoints endpoints,
        List<Relay> relays) {
    private static final int TOLD = 3;

    public Stage {
        relays = List.copyOf(relays);
    }

    /** Does something that hurts; from its end on everybody waits to be served again. */
    void strike(Runnable harm) {
        harm.run();
        tell(crowd::strike);
    }

    void pause(long ms) {
        loop.pause(ms);
    }

    /** Executes on the loop. */
    void tell(Runnable task) {
        loop.ask(() -> {
            task.run();
            return null;
        });
    }

    /** Waits until every client got, on every channel, something sent after the last strike. */
    void awaitServed() {
        long limit = limitMs();
        if (!loop.await(crowd::isServed, limit)) {
            tell(() -> unserved("not served again within " + limit / 1000 + " s", crowd.waiting()));
        }
    }

    /** Plays a part of a fault by which clients lose their connections: it proves nothing if none comes back. */
    void expectComebacks(String what, Runnable part) {
        long before = loop.ask(crowd::resumes);
        part.run();
        if (loop.ask(crowd::resumes) == before) {
            noEffect(what + ", and no client had to come back");
        }
    }

    /** Waits until some client is connected to that node. */
    void expectClients(Endpoint node) {
        if (!loop.await(() -> crowd.on(node) > 0, limitMs())) {
            noEffect("no client went to " + node);
        }
    }

    /** Something that was sent again must have been recognized. */
    void expectRepetitions() {
        if (loop.ask(ledger::tally).acknowledgedAgain() == 0) {
            noEffect("no ack said that a publication had come again");
        }
    }

    /** What was to be shown was not: the fault did nothing. Any thread. */
    void noEffect(String why) {
        loop.run(() -> ledger.violate(Violation.Kind.FAULT, "no effect: " + why));
    }

    /** How long recovery may take: what was promised, after a client could notice that it hears nothing. */
    public long limitMs() {
        return pace.recoveryMs() + loop.ask(wires::silenceMs);
    }

    /** Takes down who is not served; on the loop. */
    public void unserved(String what, List<String> who) {
        ledger.violate(
                Violation.Kind.UNSERVED,
                what + ": " + String.join(", ", who.subList(0, Math.min(TOLD, who.size())))
                        + (who.size() > TOLD ? " and " + (who.size() - TOLD) + " more" : ""));
    }
}
