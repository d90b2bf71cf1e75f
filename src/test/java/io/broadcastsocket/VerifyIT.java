package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.broadcastsocket.testing.LossyProxy;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.broadcastsocket.verify.VerifyCommand;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that proves the promise: it holds where it holds, and it can fail. */
class VerifyIT {
    private static final int DEADLINE_SECONDS = 400;
    private static final long QUICK_CLIENTS = 12;
    private static final long QUICK_SLOW_MS = 3000;
    private static final long QUICK_FAILURE_MS = 3000;

    @TempDir
    Path directory;

    private record Run(int exitCode, String output, JsonObject report) {
        JsonObject fault(int index) {
            return report.getJsonArray("faults").getJsonObject(index);
        }
    }

    private Run verify(List<String> options) {
        return end(start(options));
    }

    private Process start(List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                ServerProcess.java(),
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                System.getProperty("server.jar"),
                "verify",
                "--report",
                report().toString()));
        command.addAll(options);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output().toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Run end(Process process) {
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new AssertionError("verify does not end; it printed\n" + Files.readString(output()));
            }
            String report = Files.exists(report()) ? Files.readString(report()) : "";
            return new Run(
                    process.exitValue(),
                    Files.readString(output()),
                    report.isEmpty() ? new JsonObject() : new JsonObject(report));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Path report() {
        return directory.resolve("report.json");
    }

    private Path output() {
        return directory.resolve("output");
    }

    /** What local nodes have left behind, by the names of the files. */
    private List<String> kept() {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("node-"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> words(String line) {
        return new ArrayList<>(Arrays.asList(line.split(" ")));
    }

    @Test
    void thePromiseHoldsWhateverBefallsNodesThatShareRedis() {
        try (RedisServer redis = RedisServer.start()) {
            List<String> options = words("--local 3 --quick --seed 1 --faults kill,freeze,rolling,cut,resend");
            options.addAll(List.of("--broker", "redis", "--redis", redis.url()));
            assertHolds(verify(options), "kill", "freeze", "rolling", "cut", "resend");
        }
    }

    /** The partition needs root and iproute2; in CI, where it is not to be skipped, the command fails without them. */
    @Test
    void thePromiseHoldsWhateverBefallsAClusterWithNothingBesideIt() {
        Run run = verify(words("--local 3 --quick --seed 1"));
        boolean isPartitioned = !run.output().contains("skipped");
        List<String> faults = new ArrayList<>(List.of("kill", "freeze", "rolling", "join", "cut", "slow", "resend"));
        if (isPartitioned) {
            faults.add("partition");
        }
        assertHolds(run, faults.toArray(String[]::new));
    }

    /** Not even a gap is needed for what Redis, or another node, keeps; every fault has hurt. */
    private void assertHolds(Run run, String... faults) {
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(kept()).isEmpty();
        assertThat(run.report().getBoolean("ok")).isTrue();
        List<JsonObject> reports = run.report().getJsonArray("faults").stream()
                .map(JsonObject.class::cast)
                .filter(fault -> !"skipped".equals(fault.getString("verdict")))
                .toList();
        assertThat(reports).extracting(fault -> fault.getString("name")).containsExactly(faults);
        assertThat(reports).allSatisfy(fault -> {
            assertThat(fault.getString("verdict")).isEqualTo("ok");
            assertThat(fault.getLong("acked")).isPositive().isEqualTo(fault.getLong("published"));
            assertThat(fault.getJsonObject("gaps")).isEmpty();
            switch (fault.getString("name")) {
                case "kill", "rolling", "cut" -> {
                    // Every client has lost its connection at least once.
                    assertThat(fault.getLong("resumes")).isGreaterThanOrEqualTo(QUICK_CLIENTS);
                    assertSessionsWereResumed(fault);
                }
                case "freeze", "join" -> assertThat(fault.getLong("resumes")).isPositive();
                case "slow" -> assertThat(fault.getLong("longestPauseMs")).isGreaterThan(QUICK_SLOW_MS / 2);
                case "resend" -> assertThat(fault.getLong("ackedAgain")).isGreaterThan(fault.getLong("acked"));
                case "partition" -> assertThat(fault.getLong("longestPauseMs")).isGreaterThan(QUICK_FAILURE_MS);
                default -> throw new AssertionError(fault);
            }
        });
    }

    private static void assertSessionsWereResumed(JsonObject fault) {
        JsonObject sessions = fault.getJsonObject("sessions");
        assertThat(sessions.getLong("asked")).isPositive();
        assertThat(sessions.getLong("resumed")).isEqualTo(sessions.getLong("asked"));
    }

    @Test
    void aNodeThatEndsByItselfIsNamedAndItsLogStays() {
        try (RedisServer redis = RedisServer.start()) {
            Run run = verify(List.of(
                    "--local",
                    "2",
                    "--quick",
                    "--broker",
                    "redis",
                    "--redis",
                    redis.url(),
                    "--fault",
                    "crash=kill -9 $(pgrep -f -- '--conf " + directory + "/verify-[0-9]*/[n]ode-1.json')"));
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.output())
                    .containsPattern("crash +\\S+ FAILED .*death: node-1 ended by itself with 137; its log is ")
                    .contains("configurations and logs of the nodes: " + directory);
            assertThat(kept()).contains("node-1.log", "node-2.log");
        }
    }

    @Test
    void whatWasFoundIsToldAndKeptWhenItIsInterrupted() {
        Process process = start(words("--local 1 --broker memory --quick --duration 60 --faults cut"));
        await().atMost(60, TimeUnit.SECONDS).until(() -> kept().contains("node-1.log"));
        process.destroy();
        Run run = end(process);
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output())
                .contains("verify: stopped", "configurations and logs of the nodes: " + directory)
                .doesNotContain("held");
        assertThat(run.report().getBoolean("ok")).isFalse();
        assertThat(run.report().getString("error")).isEqualTo("stopped");
        assertThat(kept()).contains("node-1.log");
    }

    @Test
    void oneNodeAloneIsVerifiedInWhatItCanShow() {
        Run run = verify(words("--local 1 --broker memory --quick --seed 1"));
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output())
                .containsPattern("join +- +skipped NOT VERIFIED: it needs nodes that share a broker")
                .contains("the promise held: 6 of 8 faults verified");
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeItBegins() {
        Run nothing = verify(words("--local --faults ,"));
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.output()).contains("verify: --faults names nothing");
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Path nowhere = directory.resolve("nowhere").resolve("report.json");
        int exitCode = new VerifyCommand(System.out, new PrintStream(told, true, StandardCharsets.UTF_8))
                .run(List.of("--local", "--report", nowhere.toString()));
        assertThat(exitCode).isEqualTo(2);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("--report " + nowhere + " cannot be written");
    }

    @Test
    void aDeploymentThatRunsIsVerifiedWithTheOperatorsFaults() {
        try (TestServer server = TestServer.start()) {
            Run run = verify(List.of(
                    "--nodes",
                    "ws://127.0.0.1:" + server.port(),
                    "--api",
                    "http://127.0.0.1:" + server.apiPort(),
                    "--quick",
                    "--duration",
                    "0.5",
                    "--fault",
                    "nothing=true",
                    "--fault",
                    "broken=exit 3"));
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.fault(0).getString("verdict")).isEqualTo("ok");
            assertThat(run.fault(1).getString("verdict")).isEqualTo("failed");
            assertThat(run.output()).contains("fault: the command ended with 3: exit 3");
        }
    }

    @Test
    void aLostMessageIsNamed() {
        Run run = throughProxy(LossyProxy.Fault.LOSE);
        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(run.output())
                .containsPattern("slow +\\S+ FAILED .*lost: client \\d+, channel verify/\\S+/slow/0: "
                        + "offsets \\d+\\.\\.\\d+ did not come and no gap was announced");
        assertThat(run.output()).containsPattern("2 violations: .*missing: client \\d+, .*, acknowledged at offset ");
    }

    @Test
    void aRepeatedMessageIsNamed() {
        Run run = throughProxy(LossyProxy.Fault.REPEAT);
        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(run.output())
                .containsPattern("slow +\\S+ FAILED .*1 violation: duplicate: client \\d+, channel "
                        + "verify/\\S+/slow/0: offset (\\d+) came again after offset \\1");
    }

    private Run throughProxy(LossyProxy.Fault fault) {
        try (TestServer server = TestServer.start();
                LossyProxy proxy = new LossyProxy(server.port(), fault, "/slow/0", 100)) {
            return verify(List.of(
                    "--nodes",
                    "http://127.0.0.1:" + proxy.port(),
                    "--quick",
                    "--rate",
                    "50",
                    "--duration",
                    "0.5",
                    "--faults",
                    "slow"));
        }
    }

    @Test
    void whatCannotBeReachedIsSaidInASentence() {
        Run run = verify(words("--nodes http://127.0.0.1:9"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).contains("cannot connect to http://127.0.0.1:9 as a client");
    }

    @Test
    void helpTellsEveryOption() {
        Run run = verify(words("--help"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("--nodes", "--local", "--fault 'NAME=COMMAND'", "--seed", "--report", "Exit codes");
    }
}
