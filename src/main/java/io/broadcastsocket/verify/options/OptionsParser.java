package io.broadcastsocket.verify.options;

import io.broadcastsocket.config.Suggestion;
import io.broadcastsocket.model.RedisUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes {@link Options} of a command line. */
public final class OptionsParser {
    private static final Map<String, String> SCHEMES =
            Map.of("ws", "http", "wss", "https", "http", "http", "https", "https");
    private static final List<String> BROKERS = List.of("cluster", "redis", "memory");

    /** Over WebSocket a node takes 100 per minute from one address unless it is told otherwise. */
    private static final double RATE_BY_SOCKET = 1.5;

    /** Between two publications on a channel. */
    private static final int MOST_SECONDS = 5;

    private static final int LONGEST_NAME = 40;

    private OptionsParser() {}

    public static Options parse(List<String> words) throws UsageException {
        Arguments arguments = new Arguments(words);
        Target target = target(arguments);
        List<Options.Command> commands = commands(arguments);
        boolean quick = arguments.has("quick");
        boolean limited = arguments.has("nodes") && !arguments.has("api");
        int channels = arguments.whole("channels", limited ? 1 : quick ? 2 : 4, 1, 100);
        double rate = arguments.number("rate", limited ? RATE_BY_SOCKET : 100);
        if (channels / rate > MOST_SECONDS) {
            throw new UsageException(
                    "with --channels " + channels + " and " + rate + " publications per second, a channel "
                            + "gets less than one in " + MOST_SECONDS + " s: too few to see who is served");
        }
        int clients = arguments.whole("clients", quick ? 12 : 24, 1, 100_000);
        if (clients < target.size()) {
            throw new UsageException("with --clients " + clients + " and " + target.size()
                    + " nodes, some node has no client that could notice what befalls it");
        }
        Map<FaultName, String> leftOut = new EnumMap<>(FaultName.class);
        return new Options(
                target,
                faults(arguments, target, leftOut),
                leftOut,
                commands,
                clients,
                channels,
                rate,
                seed(arguments),
                pace(arguments, quick),
                arguments.one("report").map(Path::of),
                arguments.one("logs").map(Path::of));
    }

    private static Target target(Arguments arguments) throws UsageException {
        if (arguments.has("nodes") == arguments.has("local")) {
            throw new UsageException(
                    arguments.has("nodes")
                            ? "--nodes and --local exclude each other"
                            : "say what to verify: --nodes URL,URL for nodes that run, or --local to start some");
        }
        if (arguments.has("nodes")) {
            refuse(
                    arguments,
                    "goes with --local only",
                    "broker",
                    "redis",
                    "partition-seconds",
                    "freeze-seconds",
                    "logs");
            List<URI> nodes = urls(arguments, "nodes");
            for (URI node : nodes) {
                if (!node.getRawPath().matches("/?")) {
                    throw new UsageException("--nodes takes URLs without a path, not \"" + node
                            + "\": name a port or host at which the node itself is reached");
                }
            }
            return new Target.Running(nodes, urls(arguments, "api"), arguments.one("key"));
        }
        refuse(arguments, "goes with --nodes only", "api", "key");
        String broker = arguments.one("broker").orElse("cluster");
        if (!BROKERS.contains(broker)) {
            throw new UsageException("--broker must be one of " + String.join(", ", BROKERS) + ", not \"" + broker
                    + "\"" + Suggestion.sentence(broker, BROKERS));
        }
        if (broker.equals("redis") != arguments.has("redis")) {
            throw new UsageException("--broker redis and --redis URL go together");
        }
        int nodes = arguments.whole("local", 3, 1, 20);
        if (broker.equals("memory") && nodes > 1) {
            throw new UsageException("with --broker memory there is one node only: --local 1");
        }
        return new Target.Local(
                nodes,
                switch (broker) {
                    case "redis" -> redis(arguments.one("redis").orElseThrow());
                    case "memory" -> new Broker.Memory();
                    default -> new Broker.Cluster();
                });
    }

    private static Broker redis(String url) throws UsageException {
        try {
            RedisUrl.parse(url);
            return new Broker.Redis(url);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--redis: " + e.getMessage());
        }
    }

    private static void refuse(Arguments arguments, String why, String... names) throws UsageException {
        for (String name : names) {
            if (arguments.has(name)) {
                throw new UsageException("--" + name + " " + why);
            }
        }
    }

    private static List<URI> urls(Arguments arguments, String name) throws UsageException {
        List<URI> urls = new ArrayList<>();
        for (String text : arguments.list(name)) {
            try {
                URI url = new URI(text);
                if (!SCHEMES.containsKey(String.valueOf(url.getScheme()))
                        || url.getHost() == null
                        || url.getRawUserInfo() != null
                        || url.getRawQuery() != null) {
                    throw new UsageException(
                            "--" + name + " takes URLs such as http://host:8080, not \"" + text + "\"");
                }
                urls.add(new URI(SCHEMES.get(url.getScheme()), url.getSchemeSpecificPart(), null));
            } catch (URISyntaxException e) {
                throw new UsageException("--" + name + ": \"" + text + "\" is not a URL");
            }
        }
        return urls;
    }

    private static List<FaultName> faults(Arguments arguments, Target target, Map<FaultName, String> leftOut)
            throws UsageException {
        List<FaultName> faults = new ArrayList<>();
        if (arguments.has("faults")) {
            for (String word : arguments.list("faults")) {
                FaultName name = FaultName.parse(word);
                Optional<String> obstacle = name.obstacle(target);
                if (obstacle.isPresent()) {
                    throw new UsageException("the fault \"" + word + "\" cannot be done: " + obstacle.get());
                }
                faults.add(name);
            }
        } else if (!arguments.has("fault")) {
            for (FaultName name : FaultName.values()) {
                name.obstacle(target).ifPresentOrElse(why -> leftOut.put(name, why), () -> faults.add(name));
            }
        }
        return faults;
    }

    private static List<Options.Command> commands(Arguments arguments) throws UsageException {
        List<Options.Command> commands = new ArrayList<>();
        for (String text : arguments.all("fault")) {
            int equals = text.indexOf('=');
            String name = text.substring(0, Math.max(0, equals)).strip();
            String shell = text.substring(equals + 1).strip();
            if (name.isEmpty() || shell.isEmpty()) {
                throw new UsageException("--fault takes 'name=shell command', not '" + text + "'");
            }
            if (name.length() > LONGEST_NAME) {
                throw new UsageException("the name of a --fault has at most " + LONGEST_NAME
                        + " characters, since channels are named after it: \"" + name + "\"");
            }
            commands.add(new Options.Command(name, shell));
        }
        return commands;
    }

    private static long seed(Arguments arguments) throws UsageException {
        Optional<String> text = arguments.one("seed");
        try {
            return text.isPresent() ? Long.parseLong(text.get()) : new Random().nextInt(1_000_000);
        } catch (NumberFormatException e) {
            throw new UsageException("--seed must be a whole number, not \"" + text.orElseThrow() + "\"");
        }
    }

    private static Pace pace(Arguments arguments, boolean quick) throws UsageException {
        Pace pace = new Pace(
                ms(arguments, "duration", quick ? 1 : 10),
                ms(arguments, "freeze-seconds", quick ? 4.5 : 15),
                ms(arguments, "partition-seconds", quick ? 8 : 30),
                quick ? 3000 : 10_000,
                ms(arguments, "recovery-seconds", 30),
                quick ? 1500 : 10_000,
                quick ? 1500 : 4000,
                quick ? 3000 : 10_000,
                quick ? 1000 : 5000);
        atLeast(pace.failureMs(), pace.freezeMs(), "--freeze-seconds");
        atLeast(pace.failureMs(), pace.partitionMs(), "--partition-seconds");
        return pace;
    }

    private static void atLeast(long failureMs, long ms, String option) throws UsageException {
        if (ms <= failureMs) {
            throw new UsageException(option + " must be more than " + failureMs / 1000
                    + ", after which nodes take a silent one for dead: otherwise nobody notices anything");
        }
    }

    private static long ms(Arguments arguments, String name, double seconds) throws UsageException {
        return Math.round(arguments.number(name, seconds) * 1000);
    }
}
