package io.broadcastsocket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Publishes at a fixed rate whatever the server does; latency counts from the moment a message was due. */
final class OpenLoop {
    /** Further behind than this the rate is not held, and the ledger would forget messages that are under way. */
    private static final int MOST_UNDER_WAY = Ledger.RING / 2;

    private final Swarm swarm;
    private final Ledger ledger;
    private final Publisher publisher;
    private final double interval;
    private double due;

    OpenLoop(Swarm swarm, Ledger ledger, Publisher publisher, double perSecond) {
        this.swarm = swarm;
        this.ledger = ledger;
        this.publisher = publisher;
        this.interval = 1e9 / perSecond;
    }

    /** Returns whether the server kept up so far. */
    boolean run(double seconds) throws IOException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        due = start;
        swarm.afterEveryRead(now -> publishDue(Math.min(now, end)));
        for (long now = start; now < end && ledger.underWay() < MOST_UNDER_WAY; now = System.nanoTime()) {
            publishDue(now);
            swarm.poll(Math.min((long) due, end) - now);
        }
        swarm.afterEveryRead(now -> {});
        return ledger.underWay() < MOST_UNDER_WAY;
    }

    private void publishDue(long now) {
        if (due > now) {
            return;
        }
        try {
            for (; due <= now; due += interval) {
                publisher.publish((long) due);
            }
            publisher.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
