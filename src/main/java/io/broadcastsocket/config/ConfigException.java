package io.broadcastsocket.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; lists everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(List<ConfigProblem> problems) {
        super(
                problems.stream()
                        .map(ConfigProblem::toString)
                        .collect(Collectors.joining("\n  ", "the configuration has problems:\n  ", "")),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
    }

    List<ConfigProblem> problems() {
        return problems;
    }
}
