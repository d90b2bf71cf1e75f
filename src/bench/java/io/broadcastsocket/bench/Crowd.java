package io.broadcastsocket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The clients of one run: subscribers first, publishers after them. Confined to the generator's thread. */
final class Crowd implements AutoCloseable {
    static final String CHANNEL = "bench";
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(30);

    final Swarm swarm;
    final Replies replies = new Replies();
    private final GeneratorOptions options;

    Crowd(GeneratorOptions options) throws IOException {
        this.options = options;
        this.swarm = new Swarm(options.port(), options.waiting());
    }

    /** Opens connections that subscribe to one channel, as many on each node, and waits until all are acked. */
    void subscribeEverywhere(FrameSink sink) throws IOException {
        for (int port : options.ports()) {
            swarm.connectTo(port);
            subscribe(options.subscribers(), sink, 0);
        }
        swarm.connectTo(options.port());
    }

    /** Opens connections that subscribe to one channel and waits until the server has acked all of them. */
    List<Connection> subscribe(int count, FrameSink sink, int receiveBuffer) throws IOException {
        return subscribe(count, sink, receiveBuffer, connection -> List.of(CHANNEL));
    }

    List<Connection> subscribe(
            int count, FrameSink sink, int receiveBuffer, Function<Connection, List<String>> channels)
            throws IOException {
        long[] expected = {replies.subscribed()};
        List<Connection> opened = swarm.open(
                count,
                options.inProgress(),
                sink,
                receiveBuffer,
                connection -> expected[0] += subscribe(connection, channels.apply(connection)));
        awaitSubscribed(expected[0]);
        return opened;
    }

    /** Opens a connection for each sink that subscribes to some channels, and waits until all are acked. */
    void subscribe(List<? extends FrameSink> sinks, Function<Connection, List<String>> channels) throws IOException {
        long[] expected = {replies.subscribed()};
        swarm.open(
                sinks,
                options.inProgress(),
                connection -> expected[0] += subscribe(connection, channels.apply(connection)));
        awaitSubscribed(expected[0]);
    }

    /** Subscribes connections that are open, and waits until the server has acked everything. */
    void subscribeOn(List<Connection> opened, Function<Connection, List<String>> channels) throws IOException {
        long expected = replies.subscribed();
        for (Connection connection : opened) {
            expected += subscribe(connection, channels.apply(connection));
        }
        awaitSubscribed(expected);
    }

    /** Ends subscriptions, and waits until the server has acked everything. */
    void unsubscribeOn(List<Connection> opened, Function<Connection, List<String>> channels) throws IOException {
        long expected = replies.subscribed();
        for (Connection connection : opened) {
            expected += send(connection, "unsubscribe", channels.apply(connection));
        }
        awaitSubscribed(expected);
    }

    private static int subscribe(Connection connection, List<String> channels) {
        return send(connection, "subscribe", channels);
    }

    private static int send(Connection connection, String type, List<String> channels) {
        for (String channel : channels) {
            send(
                    connection,
                    "{\"type\":\"" + type + "\",\"channel\":\"" + channel + "\",\"messageId\":\"" + Replies.SUBSCRIBE_ID
                            + "\"}");
        }
        return channels.size();
    }

    private void awaitSubscribed(long expected) throws IOException {
        if (!await(() -> replies.subscribed() >= expected)) {
            throw new IOException(
                    "acked subscriptions: " + replies.subscribed() + " of " + expected + " " + replies.samples());
        }
    }

    private static void send(Connection connection, String text) {
        try {
            connection.sendText(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A publisher to one channel ({@code channels} 0) or to many in turn, on connections of its own. */
    Publisher publisher(Ledger ledger, int channels) throws IOException {
        return publisher(ledger, channels, replies);
    }

    /** @param answers gets what the server answers to publishers */
    Publisher publisher(Ledger ledger, int channels, FrameSink answers) throws IOException {
        List<Connection> connections =
                swarm.open(options.publishers(), options.publishers(), answers, 0, connection -> {});
        return new Publisher(ledger, connections, CHANNEL, channels, options.dataLength());
    }

    /** Serves the sockets until the condition holds; false if it did not within the deadline. */
    boolean await(BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + DEADLINE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            swarm.poll(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return true;
    }

    /** Serves the sockets for a while. */
    void serve(double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            swarm.poll(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void close() throws IOException {
        swarm.close();
    }
}
