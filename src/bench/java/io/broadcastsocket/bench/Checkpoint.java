package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Lets the process that started the generator look at the server: prints a line and serves the sockets until a line comes back. */
final class Checkpoint {
    static final String PREFIX = "checkpoint ";

    private Checkpoint() {}

    static void reach(String name, Swarm swarm) throws IOException {
        System.out.println(PREFIX + name);
        while (System.in.available() == 0) {
            swarm.poll(TimeUnit.MILLISECONDS.toNanos(20));
        }
        while (System.in.available() > 0) {
            if (System.in.read() == '\n') {
                return;
            }
        }
    }
}
