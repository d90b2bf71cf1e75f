package io.broadcastsocket.bench;

import java.nio.file.Path;
import java.util.Set;

/**
 * What the benchmark is asked to do.
 *
 * @param length how long each measurement takes
 * @param rounds how often each contender is measured
 * @param only names of scenarios, or their part before the hyphen; all but the soak and those with Redis if empty, and in a quick run but {@code open-4m}
 * @param serverJar the server under test
 * @param out the report; the figures go next to it as JSON
 * @param soakSeconds length of the soak
 */
record BenchmarkOptions(Length length, int rounds, Set<String> only, Path serverJar, Path out, int soakSeconds) {

    /** How long a run takes. */
    enum Length {
        QUICK(3, 20, 2, 10),
        FULL(5, 150, 5, 60);

        final double warmUp;

        /** Three JVMs that share a processor are busy compiling for more than a minute. */
        final double settle;

        final double seconds;
        final int stallSeconds;

        Length(double warmUp, double settle, double seconds, int stallSeconds) {
            this.warmUp = warmUp;
            this.settle = settle;
            this.seconds = seconds;
            this.stallSeconds = stallSeconds;
        }
    }

    static BenchmarkOptions of(Arguments arguments) {
        Length length = arguments.given("quick") ? Length.QUICK : Length.FULL;
        String only = arguments.text("only", "");
        return new BenchmarkOptions(
                length,
                arguments.number("rounds", length == Length.QUICK ? 1 : 3),
                only.isEmpty() ? Set.of() : Set.of(only.split(",")),
                Path.of(arguments.text("server-jar", "target/broadcast-socket.jar")),
                Path.of(arguments.text("out", "docs/benchmarks-latest.md")),
                arguments.number("soak-seconds", 600));
    }

    boolean wants(String scenario) {
        if (only.isEmpty()) {
            boolean skipped = length == Length.QUICK && scenario.equals(Scenarios.OPEN_4M);
            return !skipped && !scenario.equals(Scenarios.SOAK) && !scenario.startsWith(Scenarios.REDIS);
        }
        return only.stream().anyMatch(name -> scenario.equals(name) || scenario.startsWith(name + "-"));
    }
}
