package io.broadcastsocket.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A loopback TCP proxy with the faults of a network.
 *
 * <p>Thread-safe. A fault lasts until {@link #heal}. As on a network, what a fault holds back is late and not lost,
 * unless {@link #cut} follows; and nobody learns over a held direction that the other side is gone.
 */
public final class TcpProxy implements AutoCloseable {
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final int target;
    private final int port = FreePort.next();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Direction> held = EnumSet.noneOf(Direction.class);
    private final Set<ProxiedConnection> muted = new HashSet<>();
    private volatile long delayMs;
    private ServerSocket listener;
    private Thread acceptor;

    private TcpProxy(int target) {
        this.target = target;
        listen();
    }

    /** In front of a loopback port. */
    public static TcpProxy to(int port) {
        return new TcpProxy(port);
    }

    public int port() {
        return port;
    }

    /** How many connections are open through it. */
    public int connections() {
        return connections.size();
    }

    /** Resets every connection on both sides and drops what was on the way; the next ones are served. */
    public void cut() {
        connections.forEach(ProxiedConnection::reset);
    }

    /** Half-open: connections stay and others are accepted, but no byte gets through in either direction. */
    public void blackhole() {
        hold(EnumSet.allOf(Direction.class));
    }

    /** The server gets and executes everything; the client hears nothing. */
    public void blackholeToClient() {
        hold(EnumSet.of(Direction.TO_CLIENT));
    }

    /** The same for one connection: that which the server sees coming from this port. */
    public synchronized void mute(int serverSidePort) {
        connections.stream()
                .filter(connection -> connection.serverSidePort() == serverSidePort)
                .forEach(muted::add);
    }

    /** The server has nothing to read; the client hears what the server says on its own. */
    public void blackholeToServer() {
        hold(EnumSet.of(Direction.TO_SERVER));
    }

    /** Refuses other connections; those that exist stay. */
    public synchronized void refuse() {
        try {
            listener.close();
            // The kernel goes on accepting until this thread has let go of the socket.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What comes from here on arrives this much later, in each direction. */
    public void delay(long ms) {
        delayMs = ms;
    }

    /** Ends every fault; what was held back arrives. */
    public synchronized void heal() {
        delayMs = 0;
        held.clear();
        muted.clear();
        notifyAll();
        if (listener.isClosed()) {
            listen();
        }
    }

    @Override
    public void close() {
        refuse();
        cut();
    }

    long delayNanos() {
        return delayMs * 1_000_000;
    }

    /** Waits until this direction is open and the time has come. */
    synchronized void awaitPassage(ProxiedConnection connection, Direction direction, long dueNanos)
            throws InterruptedException {
        while (true) {
            long nanos = dueNanos - System.nanoTime();
            if (held.contains(direction) || (direction == Direction.TO_CLIENT && muted.contains(connection))) {
                wait();
            } else if (nanos > 0) {
                wait(1 + nanos / 1_000_000);
            } else {
                return;
            }
        }
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    private synchronized void hold(Set<Direction> directions) {
        held.clear();
        held.addAll(directions);
        notifyAll();
    }

    private synchronized void listen() {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = opened;
            acceptor = new Thread(() -> accept(opened), "proxy-" + port);
            acceptor.setDaemon(true);
            acceptor.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                ProxiedConnection connection = new ProxiedConnection(this, client, target);
                connections.add(connection);
                connection.start();
            }
        } catch (IOException closed) {
            // refuse() or close() has closed it.
        }
    }
}
