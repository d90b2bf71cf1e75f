package io.broadcastsocket.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which processor a process runs on: the server has the first that is allowed, the generator the second. */
enum Processor {
    SERVER,
    GENERATOR;

    /** The words to put before a command, none without {@code taskset} or with a single processor. */
    List<String> pinning() {
        List<String> allowed = allowed();
        boolean possible = allowed.size() >= values().length && onPath("taskset");
        return possible ? List.of("taskset", "-c", allowed.get(ordinal())) : List.of();
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static List<String> allowed() {
        List<String> numbers = new ArrayList<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String list = lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .findFirst()
                    .orElse(":");
            for (String range : list.substring(list.indexOf(':') + 1).strip().split(",")) {
                String[] ends = range.split("-");
                for (int number = Integer.parseInt(ends[0]);
                        number <= Integer.parseInt(ends[ends.length - 1]);
                        number++) {
                    numbers.add(Integer.toString(number));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return List.of();
        }
        return numbers;
    }
}
