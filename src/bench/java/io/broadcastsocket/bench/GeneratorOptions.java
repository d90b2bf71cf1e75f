package io.broadcastsocket.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one run of the generator does.
 *
 * @param port where the server listens on 127.0.0.1
 * @param serverPid whose CPU and memory are read
 * @param mode see {@link Generator}
 * @param subscribers connections that subscribe, on each node
 * @param publishers connections that publish, in turn
 * @param window messages under way in a closed loop
 * @param rate publishes per second in an open loop
 * @param warmUp seconds before the measured window
 * @param settle seconds by which the warm-up is prolonged at most, while the servers' compilers are busy
 * @param seconds length of the measured window
 * @param dataLength bytes of data per message
 * @param channels number of channels of mode {@code channels}
 * @param stalled subscribers that stop reading in mode {@code stalled}
 * @param stallSeconds for how long they do
 * @param first connections opened before the first checkpoint of mode {@code idle}
 * @param inProgress handshakes under way at a time
 * @param others the other nodes, for modes with several
 * @param redisPid the process of Redis between them
 * @param waiting how the generator waits for its sockets
 */
record GeneratorOptions(
        int port,
        long serverPid,
        String mode,
        int subscribers,
        int publishers,
        int window,
        double rate,
        double warmUp,
        double settle,
        double seconds,
        int dataLength,
        int channels,
        int stalled,
        int stallSeconds,
        int first,
        int inProgress,
        List<Node> others,
        long redisPid,
        Swarm.Waiting waiting) {

    /** A server process and where it listens; as text {@code port:pid}. */
    record Node(int port, long pid) {
        static Node parse(String text) {
            String[] parts = text.split(":");
            return new Node(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        }

        @Override
        public String toString() {
            return port + ":" + pid;
        }
    }

    static GeneratorOptions of(Arguments arguments) {
        return new GeneratorOptions(
                arguments.number("port", 8080),
                arguments.number("server-pid", (int) ProcessHandle.current().pid()),
                arguments.text("mode", "window"),
                arguments.number("subscribers", 1000),
                arguments.number("publishers", 1),
                arguments.number("window", 1),
                arguments.decimal("rate", 100),
                arguments.decimal("warm-up", 3),
                arguments.decimal("settle", 0),
                arguments.decimal("seconds", 5),
                arguments.number("data", 128),
                arguments.number("channels", 1000),
                arguments.number("stalled", 1),
                arguments.number("stall-seconds", 10),
                arguments.number("first", 1000),
                arguments.number("in-progress", 128),
                Stream.of(arguments.text("others", "").split(","))
                        .filter(other -> !other.isEmpty())
                        .map(Node::parse)
                        .toList(),
                arguments.number("redis-pid", 0),
                Swarm.Waiting.valueOf(arguments.text("waiting", "block").toUpperCase(Locale.ROOT)));
    }

    /** Ports of all nodes, {@link #port} first. */
    List<Integer> ports() {
        return Stream.concat(Stream.of(port), others.stream().map(Node::port)).toList();
    }

    /** Connections that subscribe, on all nodes. */
    int allSubscribers() {
        return subscribers * ports().size();
    }

    /** What all nodes use together. */
    ProcessFigures nodes() {
        return new ProcessFigures(
                Stream.concat(Stream.of(serverPid), others.stream().map(Node::pid))
                        .toList());
    }

    /** What runs beside the node: Redis, and other nodes. */
    ProcessFigures beside() {
        return new ProcessFigures(
                Stream.concat(Stream.of(redisPid), others.stream().map(Node::pid))
                        .filter(pid -> pid > 0)
                        .toList());
    }
}
