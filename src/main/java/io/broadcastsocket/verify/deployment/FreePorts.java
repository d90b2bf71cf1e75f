package io.broadcastsocket.verify.deployment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;

/**
 * Free loopback ports for nodes that are stopped and started again on the same port.
 *
 * <p>They lie below the range from which the kernel takes source ports: a client that tries such a port while nobody
 * listens could otherwise be connected to itself and take the port away.
 */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int COUNT = 10_000;

    private int next = new Random().nextInt(COUNT);

    int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + next++ % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new DeploymentException("there is no free port from " + FIRST + " on");
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
