package io.broadcastsocket.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one command: measures the server and its references in the same run and writes the report.
 *
 * <p>Every run has a server process and a generator process of its own. Within a scenario the servers take turns, round after round.
 * Options: {@code --quick}, {@code --rounds N}, {@code --only scenario,scenario} ({@code single} stands for all that begin with
 * {@code single-}; {@code soak} and {@code redis} run only if named),
 * {@code --server-jar FILE}, {@code --out FILE.md}, {@code --soak-seconds N}. Ends with 1 if any run lost a message or broke.
 */
public final class Benchmark {
    /** In a saturated run one side has to use this share of its processor, or something else on the machine was in the way. */
    private static final double SATURATED = 0.85;

    private static final String COMMAND = "mvn -Pbench -Dbench.args='%s'";

    private final List<String> remarks = new ArrayList<>();
    private final Results results = new Results();
    private final BenchmarkOptions options;
    private final Path directory;
    private final Servers servers;

    private Benchmark(BenchmarkOptions options, Path directory) {
        this.options = options;
        this.directory = directory;
        servers = new Servers(options, directory);
        remarks.add("Limits S and K: " + servers.limitKind());
        servers.absent()
                .forEach((contender, reason) -> remarks.add("Absent: " + contender.title + " (" + reason + ")"));
    }

    /** Runs the wanted scenarios. */
    public static void main(String[] args) throws IOException {
        BenchmarkOptions options = BenchmarkOptions.of(new Arguments(args));
        Path directory = Files.createTempDirectory("benchmark");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(directory)));
        System.exit(new Benchmark(options, directory).run(String.format(COMMAND, String.join(" ", args))));
    }

    private int run(String command) throws IOException {
        List<Scenario> scenarios = new Scenarios(options).wanted();
        for (Scenario scenario : scenarios) {
            System.out.println(scenario.title());
            for (int round = 1; round <= (scenario.mode() == Scenario.Mode.SOAK ? 1 : options.rounds()); round++) {
                for (Contender contender : scenario.contenders()) {
                    if (!servers.absent().containsKey(contender)) {
                        results.add(new Results.Run(scenario.name(), contender, round, settled(scenario, contender)));
                    }
                }
            }
            new Report(results, scenarios, command, remarks).write(options.out());
        }
        System.out.println(new Report(results, scenarios, command, remarks).markdown());
        return results.all().stream().allMatch(run -> run.failures().isEmpty()) ? 0 : 1;
    }

    /** Measures again, once, if neither side could use its processor; a run that failed counts as it is. */
    private JsonObject settled(Scenario scenario, Contender contender) {
        JsonObject result = measured(scenario, contender);
        boolean disturbed = result.getJsonArray("failures").isEmpty()
                && scenario.mode().saturates()
                && result.getDouble("serverUtilisation", 1.0) < SATURATED
                && result.getDouble("generatorUtilisation", 1.0) < SATURATED;
        if (!disturbed) {
            return result;
        }
        remarks.add("Thrown away and repeated: a run of " + contender.title + " in " + scenario.name()
                + ", neither side could use its processor");
        return measured(scenario, contender);
    }

    private JsonObject measured(Scenario scenario, Contender contender) {
        JsonObject result;
        try {
            result = scenario.name().startsWith(Scenarios.REDIS)
                    ? new RedisRuns(servers, options.length(), directory).run(scenario, contender)
                    : measuredNodes(scenario, contender);
        } catch (IOException e) {
            result = new JsonObject().put("failures", new JsonArray().add(e.getMessage()));
        }
        System.out.printf("  %-28s %s%n", contender.title, summary(result));
        return result;
    }

    private JsonObject measuredNodes(Scenario scenario, Contender contender) throws IOException {
        try (RunningCluster nodes = RunningCluster.start(servers, contender, scenario)) {
            return new GeneratorProcess(nodes.first(), directory.resolve("generator.log"), checkpoint -> nodes.memory())
                    .run(scenario, options.soakSeconds(), "--others", nodes.others());
        }
    }

    private String summary(JsonObject result) {
        JsonArray failures = result.getJsonArray("failures");
        if (!failures.isEmpty()) {
            return "failed: " + failures + generatorErrors();
        }
        JsonObject brief = new JsonObject();
        Stream.of(
                        "deliveriesPerCpuSecond",
                        "deliveriesPerSecond",
                        "p50Ms",
                        "p99Ms",
                        "handshakesPerSecond",
                        "publishesPerSecond",
                        "redisMicrosPerPublish",
                        "publisherMicrosPerPublish",
                        "serverUtilisation",
                        "compilerShare",
                        "generatorUtilisation",
                        "bytesPerMessage128",
                        "bytesPerMessage128WithId",
                        "bytesPerMessage1024",
                        "bytesPerMessage1024WithId",
                        "bytesPerIdleChannel",
                        "bytesPerSubscribedChannel",
                        "bytesPerSession",
                        "reads",
                        "evalsha",
                        "servedSeconds",
                        "checkpoints")
                .filter(result::containsKey)
                .forEach(key -> brief.put(key, result.getValue(key)));
        return brief.encode();
    }

    private String generatorErrors() {
        try {
            return Files.readAllLines(directory.resolve("generator.log")).stream()
                    .filter(line -> line.startsWith("Exception"))
                    .reduce("", (before, line) -> " " + line);
        } catch (IOException e) {
            return "";
        }
    }

    /** The command that starts a JVM like this one. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static void cleanUp(Path directory) {
        ChildProcess.endAll();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            System.err.println("left behind: " + e.getMessage());
        }
    }
}
