package io.broadcastsocket.verify.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param faults names, in order
 * @param commands an operator's own faults, which come after the others
 * @param rate publications per second
 * @param report where the JSON report goes
 * @param logs where configurations and logs of local nodes go and stay
 */
public record Options(
        Target target,
        List<String> faults,
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
        commands = List.copyOf(commands);
    }
}
