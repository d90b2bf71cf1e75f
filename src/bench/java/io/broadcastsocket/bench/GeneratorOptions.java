package io.broadcastsocket.bench;

import java.util.Locale;

/**
 * What one run of the generator does.
 *
 * @param port where the server listens on 127.0.0.1
 * @param serverPid whose CPU and memory are read
 * @param mode see {@link Generator}
 * @param subscribers connections that subscribe
 * @param publishers connections that publish, in turn
 * @param window messages under way in a closed loop
 * @param rate publishes per second in an open loop
 * @param warmUp seconds before the measured window
 * @param seconds length of the measured window
 * @param dataLength bytes of data per message
 * @param channels number of channels of mode {@code channels}
 * @param stalled subscribers that stop reading in mode {@code stalled}
 * @param stallSeconds for how long they do
 * @param first connections opened before the first checkpoint of mode {@code idle}
 * @param inProgress handshakes under way at a time
 * @param otherPort where the second node listens, for modes with two
 * @param otherPid the second node's process
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
        double seconds,
        int dataLength,
        int channels,
        int stalled,
        int stallSeconds,
        int first,
        int inProgress,
        int otherPort,
        long otherPid,
        long redisPid,
        Swarm.Waiting waiting) {

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
                arguments.decimal("seconds", 5),
                arguments.number("data", 128),
                arguments.number("channels", 1000),
                arguments.number("stalled", 1),
                arguments.number("stall-seconds", 10),
                arguments.number("first", 1000),
                arguments.number("in-progress", 128),
                arguments.number("other-port", 0),
                arguments.number("other-pid", 0),
                arguments.number("redis-pid", 0),
                Swarm.Waiting.valueOf(arguments.text("waiting", "block").toUpperCase(Locale.ROOT)));
    }
}
