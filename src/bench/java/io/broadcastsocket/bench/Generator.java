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
 * (publishes that nobody listens to).
 */
public final class Generator {
    private Generator() {}

    /** Runs one mode; {@link GeneratorOptions} lists the options. */
    public static void main(String[] args) throws IOException {
        GeneratorOptions options = GeneratorOptions.of(new Arguments(args));
        System.out.println(new JsonObject(run(options)).encode());
        System.exit(0);
    }

    private static Map<String, Object> run(GeneratorOptions options) throws IOException {
        switch (options.mode()) {
            case "window":
                return new LoadModes(options).window();
            case "rate":
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
            default:
                throw new IllegalArgumentException("unknown mode: " + options.mode());
        }
    }
}
