package io.broadcastsocket.verify.options;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param faults what is done, in order
 * @param leftOut what would be done as well if it could, and why it cannot
 * @param commands an operator's own faults, which come after the others
 * @param rate publications per second
 * @param report where the JSON report goes
 * @param logs where configurations and logs of local nodes go and stay
 */
public record Options(
        Target target,
        List<FaultName> faults,
        Map<FaultName, String> leftOut,
        List<Command> commands,
        int clients,
        int channels,
        double rate,
        long seed,
        Pace pace,
        Optional<Path> report,
        Optional<Path> logs) {
    /** A fault that is a shell command. */
    public record Command(String name, String shell) {}

    public Options {
        faults = List.copyOf(faults);
        leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
        commands = List.copyOf(commands);
    }
}
