package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the generator once against a running server and answers its checkpoints with a look at the server's memory. */
final class GeneratorProcess {
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx1g");
    /** Longer than any scenario takes besides the time it is told to run. */
    private static final int DEADLINE_SECONDS = 300;

    /** Looks at the server when the generator has reached a checkpoint. */
    interface Look {
        JsonObject at(String checkpoint) throws IOException;
    }

    private final RunningServer server;
    private final Path log;
    private final Look look;
    private final JsonObject checkpoints = new JsonObject();

    GeneratorProcess(RunningServer server, Path log) {
        this(server, log, checkpoint -> server.memory());
    }

    GeneratorProcess(RunningServer server, Path log, Look look) {
        this.server = server;
        this.log = log;
        this.look = look;
    }

    /** The generator's result, with {@code checkpoints} by name; if it ended without one, a result that only tells of the failure. */
    JsonObject run(Scenario scenario, int expectedSeconds, String... more) throws IOException {
        List<String> command = new ArrayList<>(Servers.ownMain(Generator.class, FLAGS));
        command.addAll(List.of(
                "--port",
                Integer.toString(server.port),
                "--server-pid",
                Long.toString(server.pid()),
                "--mode",
                scenario.mode().name().toLowerCase(Locale.ROOT)));
        command.addAll(scenario.load());
        command.addAll(List.of(more));
        try (ChildProcess child = ChildProcess.talkingTo(command, Processor.GENERATOR, log)) {
            CompletableFuture.delayedExecutor(DEADLINE_SECONDS + expectedSeconds, TimeUnit.SECONDS)
                    .execute(child::close);
            return converse(child.process);
        }
    }

    private JsonObject converse(Process process) throws IOException {
        JsonObject result = new JsonObject().put("failures", new JsonArray().add("the generator failed"));
        OutputStream answers = process.getOutputStream();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Checkpoint.PREFIX)) {
                    String name = line.substring(Checkpoint.PREFIX.length());
                    checkpoints.put(name, look.at(name));
                    answers.write('\n');
                    answers.flush();
                } else if (line.startsWith("{")) {
                    result = new JsonObject(line);
                }
            }
        }
        return result.put("checkpoints", checkpoints);
    }
}
