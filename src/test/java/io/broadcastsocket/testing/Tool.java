package io.broadcastsocket.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that a test needs and a machine may lack, such as {@code node} or {@code chromium}. */
public record Tool(String path) {
    /** Finds a program; without it the test is skipped loudly, and fails where everything must be there. */
    public static Tool find(String name) {
        Optional<String> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("NOTICE: " + name + " is not installed, so a test that needs it does not run");
            assertThat(System.getenv("CI")).as(name + " must be there in CI").isNotEqualTo("true");
        }
        assumeTrue(found.isPresent(), name + " is not installed");
        return new Tool(found.orElseThrow());
    }

    /** Runs it in a folder and returns what it printed; fails with that if it ends with an error, or not in time. */
    public String run(Path folder, Duration deadline, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path));
        command.addAll(List.of(arguments));
        File output = File.createTempFile("tool", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("NO_COLOR", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        Files.delete(output.toPath());
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", command) + " printed:\n" + text)
                .isTrue();
        return text;
    }
}
