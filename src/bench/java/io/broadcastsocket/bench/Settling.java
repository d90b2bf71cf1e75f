package io.broadcastsocket.bench;

import java.io.IOException;

/**
 * The end of a warm-up: a load goes on until the compilers of the servers have little to do, so that one JVM and several that
 * share a processor are measured in the same state. Confined to the generator's thread.
 */
final class Settling {
    /** Compilers pause for two or three seconds and are busy again. */
    private static final double SPAN_SECONDS = 6;

    /** A greater share of the servers' CPU would show in what is measured. */
    private static final double QUIET = 0.05;

    /** A load that can go on; {@code run} returns whether the servers keep up. */
    interface Load {
        boolean run(double seconds) throws IOException;
    }

    private final ProcessFigures servers;
    private final double mostSeconds;

    Settling(ProcessFigures servers, double mostSeconds) {
        this.servers = servers;
        this.mostSeconds = mostSeconds;
    }

    /** Returns whether the servers kept up. */
    boolean run(Load load) throws IOException {
        boolean held = true;
        boolean quiet = false;
        for (double left = mostSeconds; left > 0 && held && !quiet; left -= SPAN_SECONDS) {
            double cpu = servers.cpuSeconds();
            double compilers = servers.compilerSeconds();
            held = load.run(SPAN_SECONDS);
            quiet = servers.compilerSeconds() - compilers <= QUIET * (servers.cpuSeconds() - cpu);
        }
        return held;
    }
}
