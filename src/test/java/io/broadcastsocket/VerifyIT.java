package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.LossyProxy;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that proves the promise: it holds where it holds, and it can fail. */
class VerifyIT {
    private static final int DEADLINE_SECONDS = 400;

    @TempDir
    Path directory;

    private record Run(int exitCode, String output, JsonObject report) {
        JsonObject fault(int index) {
            return report.getJsonArray("faults").getJsonObject(index);
        }
    }

    private Run verify(List<String> options) {
        Path report = directory.resolve("report.json");
        List<String> command =
                new ArrayList<>(List.of(ServerProcess.java(), "-jar", System.getProperty("server.jar"), "verify"));
        command.addAll(options);
        command.addAll(List.of("--report", report.toString()));
        File output = directory.resolve("output").toFile();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new AssertionError("verify does not end; it printed\n" + Files.readString(output.toPath()));
            }
            return new Run(
                    process.exitValue(),
                    Files.readString(output.toPath()),
                    Files.exists(report) ? new JsonObject(Files.readString(report)) : new JsonObject());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    /** Not even a gap is needed for what Redis, or another node, keeps. */
    private static void assertHolds(Run run, String... faults) {
        assertThat(run.exitCode()).as(run.output()).isZero();
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
        });
        assertThat(run.fault(0).getLong("resumes")).as("kill").isPositive();
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
