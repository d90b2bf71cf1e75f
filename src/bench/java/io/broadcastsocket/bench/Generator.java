package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;

/**
 * The load generator: one thread that opens the connections, publishes, receives, checks and times. Its last line of output is a JSON
 * object with the result.
 *
 * <p>Modes: {@code window} (closed loop), {@code rate} (open loop), {@code channels} (many channels, closed loop), {@code stalled} (open
 * loop while some subscribers do not read), {@code idle} (connections that only subscribe), {@code connect} (handshakes), {@code soak}
 * (publishes that nobody listens to); with Redis {@code publish} (as fast as it goes, until told to stop), {@code redis_latency} (open
 * loop), {@code redis_two_nodes}, {@code redis_channels} and {@code redis_reconnect}; with several nodes {@code cluster_latency}
 * (open loop), {@code cluster_publish} (closed loop, acks instead of deliveries), {@code cluster_memory} and {@code cluster_channels}.
 */
public final class Generator {
    private Generator() {}

    /** Runs one mode; {@link GeneratorOptions} lists the options. */
    public static void main(String[] args) throws IOException {
        GeneratorOptions options = GeneratorOptions.of(new Arguments(args));
        System.out.println(
                options.mode().equals("publish")
                        ? AskedProcess.ANSWER + new RedisModes(options).publish()
                        : new JsonObject(run(options)).encode());
        System.exit(0);
    }

    private static Map<String, Object> run(GeneratorOptions options) throws IOException {
        switch (options.mode()) {
            case "window":
                return new LoadModes(options).window();
            case "rate":
            case "redis_latency":
                return new LoadModes(options).rate();
            case "channels":
                return new LoadModes(options).channels();
            case "stalled":
                return new StalledMode(options).run();
            case "idle":
                return new ConnectionModes(options).idle();
            case "connect":
                return new ConnectionModes(options).connect();
            case "soak":
                return new SoakMode(options).run();
            case "redis_two_nodes":
                return new RedisModes(options).twoNodes();
            case "redis_channels":
            case "cluster_channels":
                return new ConnectionModes(options).channels();
            case "cluster_latency":
                return new LoadModes(options).hop();
            case "cluster_publish":
                return new LoadModes(options).acks();
            case "cluster_memory":
                return new FillMode(options).run();
            case "redis_reconnect":
                return new ReconnectMode(options).run();
            default:
                throw new IllegalArgumentException("unknown mode: " + options.mode());
        }
    }
}
