package io.broadcastsocket.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free loopback ports for servers that are stopped and started again on the same port.
 *
 * <p>They lie below the range from which the kernel takes source ports: a client that tries such a port while nobody
 * listens could otherwise be connected to itself and take the port away.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int COUNT = 10_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port that is free now, and so is the one 10,000 above it, which is the bus of a Redis Cluster node. */
    public static int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + NEXT.getAndIncrement() % COUNT;
            if (isFree(port) && isFree(port + COUNT)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
