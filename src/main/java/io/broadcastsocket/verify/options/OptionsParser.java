package io.broadcastsocket.verify.options;

import io.broadcastsocket.config.Suggestion;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes {@link Options} of a command line. */
public final class OptionsParser {
    private static final Map<String, String> SCHEMES =
            Map.of("ws", "http", "wss", "https", "http", "http", "https", "https");
    private static final List<String> BROKERS = List.of("cluster", "redis", "memory");

    /** Faults that need more than one node. */
    private static final List<String> OF_MANY = List.of("join", "partition");

    /** Over WebSocket a node takes 100 per minute from one address unless it is told otherwise. */
    private static final double RATE_BY_SOCKET = 1.5;

    /** Between two publications on a channel. */
    private static final int MOST_SECONDS = 5;

    private final List<String> ofClients;
    private final List<String> ofNodes;

    /**
     * @param ofClients faults that can be done to any deployment
     * @param ofNodes faults for nodes that the tool has started
     */
    public OptionsParser(List<String> ofClients, List<String> ofNodes) {
        this.ofClients = ofClients;
        this.ofNodes = ofNodes;
    }

    public Options parse(List<String> words) throws UsageException {
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
        return new Options(
                target,
                faults(arguments),
                commands,
                arguments.whole("clients", quick ? 12 : 24, 1, 100_000),
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
            return new Target.Running(urls(arguments, "nodes"), urls(arguments, "api"), arguments.one("key"));
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
                    case "redis" -> new Broker.Redis(arguments.one("redis").orElseThrow());
                    case "memory" -> new Broker.Memory();
                    default -> new Broker.Cluster();
                });
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
                if (url.getScheme() == null || !SCHEMES.containsKey(url.getScheme()) || url.getHost() == null) {
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

    private List<String> faults(Arguments arguments) throws UsageException {
        List<String> possible = new ArrayList<>();
        if (arguments.has("local")) {
            possible.addAll(ofNodes);
            if (arguments.one("broker").orElse("").equals("memory")) {
                possible.removeAll(OF_MANY);
            }
        }
        possible.addAll(ofClients);
        if (!arguments.has("faults")) {
            return arguments.has("fault") ? List.of() : possible;
        }
        for (String name : arguments.list("faults")) {
            if (!possible.contains(name)) {
                boolean elsewhere = ofNodes.contains(name);
                throw new UsageException("the fault \"" + name + "\" "
                        + (elsewhere ? "cannot be done to this deployment" : "is not known")
                        + "; there are " + String.join(", ", possible)
                        + (elsewhere ? "" : Suggestion.sentence(name, possible)));
            }
        }
        return arguments.list("faults");
    }

    private static List<Options.Command> commands(Arguments arguments) throws UsageException {
        List<Options.Command> commands = new ArrayList<>();
        for (String text : arguments.all("fault")) {
            int equals = text.indexOf('=');
            if (equals <= 0 || equals == text.length() - 1) {
                throw new UsageException("--fault takes 'name=shell command', not '" + text + "'");
            }
            commands.add(new Options.Command(
                    text.substring(0, equals).strip(),
                    text.substring(equals + 1).strip()));
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
        return new Pace(
                ms(arguments, "duration", quick ? 1 : 10),
                ms(arguments, "freeze-seconds", quick ? 4.5 : 15),
                ms(arguments, "partition-seconds", quick ? 8 : 30),
                quick ? 3000 : 10_000,
                ms(arguments, "recovery-seconds", 30),
                quick ? 1500 : 4000,
                quick ? 1500 : 4000,
                quick ? 3000 : 10_000,
                quick ? 1000 : 2000);
    }

    private static long ms(Arguments arguments, String name, double seconds) throws UsageException {
        return Math.round(arguments.number(name, seconds) * 1000);
    }
}
