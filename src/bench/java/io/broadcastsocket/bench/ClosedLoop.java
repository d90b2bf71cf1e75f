package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Keeps a fixed number of messages under way: the next is published when all subscribers have one. */
final class ClosedLoop {
    private final Swarm swarm;
    private final Ledger ledger;
    private final Publisher publisher;
    private final int window;

    ClosedLoop(Swarm swarm, Ledger ledger, Publisher publisher, int window) {
        this.swarm = swarm;
        this.ledger = ledger;
        this.publisher = publisher;
        this.window = window;
    }

    void run(double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            while (ledger.underWay() < window) {
                publisher.publish(now);
            }
            publisher.flush();
            swarm.poll(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
