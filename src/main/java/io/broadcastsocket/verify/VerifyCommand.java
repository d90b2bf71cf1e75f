package io.broadcastsocket.verify;

import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.options.Options;
import io.broadcastsocket.verify.options.OptionsParser;
import io.broadcastsocket.verify.options.UsageException;
import io.broadcastsocket.verify.report.FaultOutcome;
import io.broadcastsocket.verify.report.JsonReport;
import io.broadcastsocket.verify.report.Lines;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command {@code verify}: breaks a deployment under load and tells whether the delivery promise held. */
public final class VerifyCommand {
    private static final int HELD = 0;
    private static final int VIOLATED = 1;
    private static final int UNUSABLE = 2;
    private static final int ABORT_SECONDS = 20;

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
            Options options = OptionsParser.parse(words);
            checkReport(options);
            return verify(options);
        } catch (UsageException e) {
            err.println("verify: " + e.getMessage() + " (verify --help tells all)");
            return UNUSABLE;
        }
    }

    private int verify(Options options) {
        Path directory = directory(options);
        Instant startedAt = Instant.now();
        List<FaultOutcome> outcomes = new ArrayList<>();
        Verification verification = new Verification(options, directory, outcome -> {
            outcomes.add(outcome);
            tell(outcome);
        });
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> abort(verification, ended), "verify-abort"));
        out.printf(
                "verify: seed %d, %d clients, %d channels, %s publications/s%n",
                options.seed(), options.clients(), options.channels(), plain(options.rate()));
        Optional<String> error = play(verification);
        writeReport(options, startedAt, outcomes, error);
        tellEnd(outcomes, error);
        boolean verified = error.isEmpty() && FaultOutcome.isVerified(outcomes);
        if (verified && options.logs().isEmpty()) {
            delete(directory);
        } else if (Files.exists(directory)) {
            out.println("configurations and logs of the nodes: " + directory);
        }
        ended.countDown();
        return verified ? HELD : outcomes.stream().allMatch(FaultOutcome::held) ? UNUSABLE : VIOLATED;
    }

    /** Gives why it ended early, if it did. */
    private Optional<String> play(Verification verification) {
        try {
            verification.run();
            return Optional.empty();
        } catch (RuntimeException failure) {
            if (verification.isAborted()) {
                return Optional.of("stopped");
            }
            if (!(failure instanceof DeploymentException)) {
                // A fault of the tool is no verdict on what it verifies.
                failure.printStackTrace(err);
            }
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    /** Nobody wants to learn after an hour that there will be no report. */
    private static void checkReport(Options options) throws UsageException {
        if (options.report().isPresent()) {
            Path report = options.report().get();
            try {
                Files.write(report, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UsageException("--report " + report + " cannot be written: " + e);
            }
        }
    }

    private void writeReport(Options options, Instant startedAt, List<FaultOutcome> outcomes, Optional<String> error) {
        if (options.report().isEmpty()) {
            return;
        }
        JsonObject run = new JsonObject()
                .put("seed", options.seed())
                .put("startedAt", startedAt.toString())
                .put("clients", options.clients())
                .put("channels", options.channels())
                .put("rate", options.rate());
        try {
            Files.writeString(
                    options.report().get(), JsonReport.of(run, outcomes, error).encodePrettily() + "\n");
        } catch (IOException e) {
            err.println("verify: the report cannot be written: " + e);
        }
    }

    private void tell(FaultOutcome outcome) {
        String line = Lines.of(outcome, ZoneId.systemDefault());
        out.println(line);
        if (!outcome.played()) {
            err.println("NOTICE: " + line);
        }
    }

    private void tellEnd(List<FaultOutcome> outcomes, Optional<String> error) {
        error.ifPresent(why -> err.println("verify: " + why));
        long played = outcomes.stream().filter(FaultOutcome::played).count();
        long failed = outcomes.stream().filter(outcome -> !outcome.held()).count();
        if (failed > 0) {
            out.println("the promise was broken: " + failed + " of " + outcomes.size() + " faults failed");
        } else if (error.isPresent()) {
            out.println("not finished: " + played + " faults verified");
        } else if (played == 0) {
            out.println("nothing was verified");
        } else {
            out.println("the promise held: " + played + " of " + outcomes.size() + " faults verified");
        }
    }

    /** Made when the first node is started. */
    private static Path directory(Options options) {
        String name = "verify-" + ProcessHandle.current().pid();
        return options.logs()
                .orElse(Path.of(System.getProperty("java.io.tmpdir"), name))
                .toAbsolutePath();
    }

    /** On the thread of a shutdown hook: the JVM goes on until what was found has been told. */
    private static void abort(Verification verification, CountDownLatch ended) {
        if (ended.getCount() > 0) {
            verification.abort();
            try {
                ended.await(ABORT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            err.println("verify: " + directory + " cannot be deleted: " + e);
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
