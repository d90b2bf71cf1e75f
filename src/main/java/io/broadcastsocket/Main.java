package io.broadcastsocket;

import io.broadcastsocket.broker.cluster.ClusterMembership;
import io.broadcastsocket.config.ConfigException;
import io.broadcastsocket.config.ConfigLoader;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.session.Ids;
import io.broadcastsocket.verify.VerifyCommand;
import io.vertx.core.Deployable;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import io.vertx.launcher.application.ExitCodes;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The command line: Vert.x's launcher, which takes {@code --conf}, {@code --options} and the rest, preceded by a check of
 * the configuration.
 *
 * <p>{@code verify} as the first word is another program: {@link VerifyCommand}. {@code run} before the verticle is accepted as in {@code vertx run}. {@code --check-config} only checks. Exit codes:
 * 0 after a graceful stop, 78 for a configuration that cannot be used and 70 for a member of a cluster that could not go on
 * (sysexits.h), otherwise the launcher's.
 */
public final class Main extends VertxApplication implements VertxApplicationHooks {
    private static final int EXIT_CONFIG = 78;
    private static final int EXIT_ENDED = 70;
    private static final String CHECK = "--check-config";

    private static final int BUS_CONNECT_MS = 2000;
    private static final String CLUSTER = "-{1,2}c(luster)?";

    private final ServerConfig config;
    private final Optional<ClusterMembership> membership;
    private volatile boolean started;
    private volatile boolean stopping;

    private Main(List<String> args, ServerConfig config) {
        super(args.toArray(String[]::new), null, true, true);
        this.config = config;
        this.membership = args.stream().anyMatch(arg -> arg.matches(CLUSTER))
                ? Optional.of(membership(config, this::ended))
                : Optional.empty();
    }

    /**
     * What a node with this configuration joins a cluster with.
     *
     * @param ended is run when its member has ended
     */
    public static ClusterMembership membership(ServerConfig config, Runnable ended) {
        return new ClusterMembership(Backend.settings(config, Ids.secure().node()), ended);
    }

    /** A node whose member could not go on serves nobody: its process ends, so that it is started again. */
    private void ended() {
        if (started && !stopping) {
            LoggerFactory.getLogger(Main.class)
                    .error("the member of the cluster has ended, and the process ends with it");
            Runtime.getRuntime().halt(EXIT_ENDED);
        }
    }

    @Override
    public void beforeStoppingVertx(HookContext context) {
        stopping = true;
    }

    public static void main(String[] raw) {
        List<String> args = new ArrayList<>(Arrays.asList(raw));
        if (!args.isEmpty() && args.get(0).equals("verify")) {
            verify(args.subList(1, args.size()));
        }
        boolean onlyCheck = args.remove(CHECK);
        if (!args.isEmpty() && args.get(0).equals("run")) {
            args.remove(0);
        }
        if (args.stream().anyMatch(arg -> arg.matches("-{1,2}h(elp)?"))) {
            System.out.println("\"verify --help\" tells of the command that proves the delivery promise.");
            new VertxApplication(args.toArray(String[]::new)).launch();
            return;
        }
        ServerConfig config = check(args, System.err);
        if (config != null && config.cluster().enabled() && args.stream().noneMatch(arg -> arg.matches(CLUSTER))) {
            args.add("-cluster");
        }
        if (config == null) {
            System.exit(EXIT_CONFIG);
        } else if (onlyCheck) {
            System.out.println("the configuration is valid");
        } else {
            launch(args, config);
        }
    }

    private static void launch(List<String> args, ServerConfig config) {
        boolean isClustered = args.stream().anyMatch(arg -> arg.matches(CLUSTER));
        Optional<String> problem = isClustered ? ClusterPort.problem(config.cluster()) : Optional.empty();
        if (problem.isPresent()) {
            System.err.println(problem.get());
            System.exit(ExitCodes.VERTX_INITIALIZATION);
        }
        new Main(args, config).launch();
    }

    /** Standard output has its lines and nothing else: what is logged goes to standard error. */
    private static void verify(List<String> args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        System.exit(new VerifyCommand(out, System.err).run(args));
    }

    private static ServerConfig check(List<String> args, PrintStream err) {
        try {
            return new ConfigLoader().load(read(confArgument(args)), System.getenv());
        } catch (ConfigException e) {
            err.println(e.getMessage());
        } catch (IOException e) {
            err.println("the configuration file cannot be read: " + e);
        } catch (DecodeException e) {
            err.println("the configuration is not valid JSON: " + e.getMessage());
        }
        return null;
    }

    /** The value of {@code --conf}: a file or JSON, as for the launcher; empty JSON without it. */
    private static String confArgument(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.matches("-{1,2}conf") && i + 1 < args.size()) {
                return args.get(i + 1);
            }
            if (arg.matches("-{1,2}conf=.*")) {
                return arg.substring(arg.indexOf('=') + 1);
            }
        }
        return "{}";
    }

    private static JsonObject read(String fileOrJson) throws IOException {
        String text = fileOrJson.trim().startsWith("{") ? fileOrJson : Files.readString(Path.of(fileOrJson));
        return new JsonObject(text);
    }

    /**
     * One event loop per worker, one for the API and the supervision, and with Redis or a cluster one for the bridge and one that
     * Vert.x takes when it first connects: event loops are given out in turn, and no worker may share its own.
     */
    @Override
    public VertxBuilder createVertxBuilder(VertxOptions options) {
        int bridges = (config.redis().isPresent() ? 1 : 0) + (membership.isPresent() ? 1 : 0);
        options.setEventLoopPoolSize(config.workers() + 1 + 2 * bridges);
        VertxBuilder builder = io.vertx.core.Vertx.builder().with(options);
        membership.ifPresent(joining -> {
            configure(options.getEventBusOptions(), config.cluster());
            builder.withClusterManager(joining.manager());
        });
        return Transport.EPOLL != null && Transport.EPOLL.available()
                ? builder.withTransport(Transport.EPOLL)
                : builder;
    }

    /** A connection between nodes that is silent is given up as early as a silent node. */
    public static void configure(EventBusOptions bus, ServerConfig.Cluster cluster) {
        bus.setHost(cluster.host())
                .setPort(cluster.busPort())
                .setConnectTimeout(BUS_CONNECT_MS)
                .setClusterPingInterval(cluster.failureMs() / 2)
                .setClusterPingReplyInterval(cluster.failureMs() / 2);
        if (!cluster.publicHost().isEmpty()) {
            bus.setClusterPublicHost(cluster.publicHost());
        }
    }

    @Override
    public Supplier<? extends Deployable> verticleSupplier() {
        return membership
                .<Supplier<? extends Deployable>>map(joined -> () -> new MainVerticle(System.getenv(), membership))
                .orElse(null);
    }

    @Override
    public void afterVerticleDeployed(HookContext context) {
        started = true;
    }

    /** Everything is flushed and closed: without this the JVM would end with the signal's code. */
    @Override
    public void afterVertxStopped(HookContext context) {
        if (started) {
            Runtime.getRuntime().halt(0);
        }
    }
}
