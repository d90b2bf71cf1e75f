package io.broadcastsocket.verify;

import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.fault.Faults;
import io.broadcastsocket.verify.options.Options;
import io.broadcastsocket.verify.options.OptionsParser;
import io.broadcastsocket.verify.options.UsageException;
import io.broadcastsocket.verify.report.FaultOutcome;
import io.broadcastsocket.verify.report.JsonReport;
import io.broadcastsocket.verify.report.Lines;
import io.broadcastsocket.verify.wire.Loop;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The command {@code verify}: breaks a deployment under load and tells whether the delivery promise held. */
public final class VerifyCommand {
    private static final int HELD = 0;
    private static final int VIOLATED = 1;
    private static final int UNUSABLE = 2;

    private final PrintStream out;
    private final PrintStream err;

    public VerifyCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Gives the exit code: 0 every fault held, 1 a violation, 2 it could not be done. */
    public int run(List<String> words) {
        if (words.stream().anyMatch(word -> word.matches("-{1,2}h(elp)?"))) {
            out.print(help());
            return HELD;
        }
        try {
            Options options = new OptionsParser(Faults.OF_CLIENTS, Faults.OF_NODES).parse(words);
            return verify(options);
        } catch (UsageException e) {
            err.println("verify: " + e.getMessage() + " (verify --help tells all)");
        } catch (DeploymentException e) {
            err.println("verify: " + e.getMessage());
        } catch (IOException e) {
            err.println("verify: " + e);
        } catch (Loop.Stopped e) {
            err.println("verify: stopped");
        } catch (RuntimeException e) {
            // A fault of the tool is no verdict on what it verifies.
            e.printStackTrace(err);
        }
        return UNUSABLE;
    }

    private int verify(Options options) throws IOException {
        Path directory = directory(options);
        Instant startedAt = Instant.now();
        Verification verification = new Verification(options, directory, this::tell);
        Thread abort = new Thread(() -> abort(verification, options, directory), "verify-abort");
        Runtime.getRuntime().addShutdownHook(abort);
        out.printf(
                "verify: seed %d, %d clients, %d channels, %s publications/s%n",
                options.seed(), options.clients(), options.channels(), plain(options.rate()));
        List<FaultOutcome> outcomes = new ArrayList<>(verification.run());
        Runtime.getRuntime().removeShutdownHook(abort);
        boolean held = outcomes.stream().allMatch(FaultOutcome::held);
        if (options.report().isPresent()) {
            JsonObject run = new JsonObject()
                    .put("seed", options.seed())
                    .put("startedAt", startedAt.toString())
                    .put("clients", options.clients())
                    .put("channels", options.channels())
                    .put("rate", options.rate());
            Files.writeString(
                    options.report().get(), JsonReport.of(run, outcomes).encodePrettily() + "\n");
        }
        tellEnd(outcomes, held);
        if (held && options.logs().isEmpty()) {
            delete(directory);
        } else if (Files.exists(directory)) {
            out.println("configurations and logs of the nodes: " + directory);
        }
        return held ? HELD : VIOLATED;
    }

    private void tell(FaultOutcome outcome) {
        String line = Lines.of(outcome, ZoneId.systemDefault());
        out.println(line);
        if (!outcome.played()) {
            err.println("NOTICE: " + line);
        }
    }

    private void tellEnd(List<FaultOutcome> outcomes, boolean held) {
        long skipped = outcomes.stream().filter(outcome -> !outcome.played()).count();
        long failed = outcomes.stream().filter(outcome -> !outcome.held()).count();
        out.println(
                held
                        ? "the promise held: " + (outcomes.size() - skipped) + " of " + outcomes.size()
                                + " faults verified"
                        : "the promise was broken: " + failed + " of " + outcomes.size() + " faults failed");
    }

    /** Made when the first node is started. */
    private static Path directory(Options options) {
        String name = "verify-" + ProcessHandle.current().pid();
        return options.logs()
                .orElse(Path.of(System.getProperty("java.io.tmpdir"), name))
                .toAbsolutePath();
    }

    /** On the thread of a shutdown hook. */
    private static void abort(Verification verification, Options options, Path directory) {
        verification.abort();
        if (options.logs().isEmpty()) {
            try {
                delete(directory);
            } catch (IOException | UncheckedIOException e) {
                System.err.println("verify: " + directory + " could not be deleted: " + e);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String help() {
        try (InputStream in = Objects.requireNonNull(VerifyCommand.class.getResourceAsStream("/verify-help.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
