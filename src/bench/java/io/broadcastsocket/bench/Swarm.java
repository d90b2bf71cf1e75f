package io.broadcastsocket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Many WebSocket client connections served by one thread, one selector and one direct read buffer. Confined to that thread. */
final class Swarm implements AutoCloseable {
    private static final int READ_BUFFER = 256 * 1024;
    /** The ephemeral range of one source address holds 28,232 ports on Linux. */
    private static final int CONNECTIONS_PER_ADDRESS = 20_000;

    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(60);

    /** What the thread does while no socket is ready. */
    enum Waiting {
        /** Asks again at once, so that the server never pays for waking it. */
        SPIN,
        /** Sleeps in the kernel. */
        BLOCK
    }

    private InetSocketAddress server;
    private final Waiting waiting;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER);
    private final Consumer<SelectionKey> ready = this::ready;
    private final List<Connection> connections = new ArrayList<>();
    private final List<String> closures = new ArrayList<>();
    private Consumer<Connection> onUpgraded = connection -> {};
    private LongConsumer afterRead = now -> {};
    private int handshakes;
    private int closedCount;

    Swarm(int port, Waiting waiting) throws IOException {
        this.waiting = waiting;
        connectTo(port);
    }

    /** Where the connections go that are opened from here on. */
    void connectTo(int port) {
        server = new InetSocketAddress("127.0.0.1", port);
    }

    /** Runs {@code action} after every read with the time of the read: a pacer stays on time during a long sweep. */
    void afterEveryRead(LongConsumer action) {
        afterRead = action;
    }

    int handshakes() {
        return handshakes;
    }

    int closedCount() {
        return closedCount;
    }

    /** Those that have ended were meant to; gives their number. */
    int forgetClosures() {
        int forgotten = closedCount;
        closedCount = 0;
        closures.clear();
        return forgotten;
    }

    /** The first few reasons for which the server ended connections. */
    List<String> closures() {
        return closures;
    }

    /** Opens {@code count} connections, at most {@code inProgress} at a time, and waits for their handshakes. */
    List<Connection> open(
            int count, int inProgress, FrameSink sink, int receiveBuffer, Consumer<Connection> whenUpgraded)
            throws IOException {
        return open(Collections.nCopies(count, sink), inProgress, receiveBuffer, whenUpgraded);
    }

    /** Opens a connection for each sink. */
    List<Connection> open(List<? extends FrameSink> sinks, int inProgress, Consumer<Connection> whenUpgraded)
            throws IOException {
        return open(sinks, inProgress, 0, whenUpgraded);
    }

    private List<Connection> open(
            List<? extends FrameSink> sinks, int inProgress, int receiveBuffer, Consumer<Connection> whenUpgraded)
            throws IOException {
        int count = sinks.size();
        onUpgraded = whenUpgraded;
        int before = handshakes;
        List<Connection> opened = new ArrayList<>(count);
        long deadline = System.nanoTime() + DEADLINE;
        while (handshakes - before < count) {
            while (opened.size() < count && opened.size() - (handshakes - before) < inProgress) {
                opened.add(connect(sinks.get(opened.size()), receiveBuffer));
            }
            poll(TimeUnit.MILLISECONDS.toNanos(50));
            if (System.nanoTime() > deadline || closedCount > 0) {
                throw new IOException(
                        "only " + (handshakes - before) + " of " + count + " connections opened " + closures);
            }
        }
        return opened;
    }

    private Connection connect(FrameSink sink, int receiveBuffer) throws IOException {
        int index = connections.size();
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        if (index >= CONNECTIONS_PER_ADDRESS) {
            channel.bind(new InetSocketAddress("127.0.0." + (1 + index / CONNECTIONS_PER_ADDRESS), 0));
        }
        Connection connection = new Connection(this, index, channel, sink);
        connections.add(connection);
        boolean immediately = channel.connect(server);
        connection.registeredAs(channel.register(selector, SelectionKey.OP_CONNECT, connection));
        if (immediately) {
            connection.connected();
        }
        return connection;
    }

    /** Serves the sockets that are ready, waiting up to {@code nanos} for one if it may block; below a millisecond it does not wait. */
    void poll(long nanos) throws IOException {
        try {
            if (waiting == Waiting.SPIN || nanos < 1_000_000) {
                selector.selectNow(ready);
            } else {
                selector.select(ready, nanos / 1_000_000);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            int operations = key.readyOps();
            if ((operations & SelectionKey.OP_CONNECT) != 0) {
                connection.connected();
            }
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                connection.writable();
            }
            if ((operations & SelectionKey.OP_READ) != 0) {
                afterRead.accept(connection.read(buffer));
            }
        } catch (IOException e) {
            lose(connection, e);
        }
    }

    private static void lose(Connection connection, IOException cause) {
        try {
            connection.close(cause.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void upgraded(Connection connection) {
        handshakes++;
        onUpgraded.accept(connection);
    }

    void closed(Connection connection, String reason) {
        closedCount++;
        if (closures.size() < 5) {
            closures.add("connection " + connection.index + ": " + reason);
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
