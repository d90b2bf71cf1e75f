package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.options.Broker;
import io.broadcastsocket.verify.options.Pace;
import io.broadcastsocket.verify.options.Target;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Loop;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Nodes on this machine, one JVM each, from the jar that the tool itself is in.
 *
 * <p>Confined to the script's thread.
 */
public final class LocalDeployment implements Deployment, AutoCloseable {
    private static final long START_MS = 60_000;
    private static final long POLL_MS = 50;
    private static final String HEAP = "-Xmx512m";

    /** How a local deployment is made, on loopback or in namespaces. */
    public record Plan(Target.Local target, Pace pace, Path directory, Processes processes, Loop loop) {}

    private final Plan plan;
    private final Placement placement;
    private final Broker broker;
    private final String name = "verify-" + ProcessHandle.current().pid();
    private final String key = UUID.randomUUID().toString();
    private final List<LocalNode> nodes = new ArrayList<>();

    private LocalDeployment(Plan plan, Placement placement, Broker broker) {
        this.plan = plan;
        this.placement = placement;
        this.broker = broker;
    }

    /** Starts all but one that may join later, and waits until they are ready. */
    public static LocalDeployment onLoopback(Plan plan) {
        LocalDeployment deployment =
                new LocalDeployment(plan, new OnLoopback(), plan.target().broker());
        deployment.start();
        return deployment;
    }

    static LocalDeployment placed(Plan plan, Placement placement, Broker broker) {
        LocalDeployment deployment = new LocalDeployment(plan, placement, broker);
        deployment.start();
        return deployment;
    }

    /** Those that belong to it from the beginning. */
    public List<LocalNode> nodes() {
        return List.copyOf(nodes.subList(0, size()));
    }

    /** What it was made of. */
    public Target.Local target() {
        return plan.target();
    }

    /** One that is not there unless it is started. */
    public LocalNode newcomer() {
        return nodes.get(size());
    }

    @Override
    public List<Endpoint> endpoints() {
        return nodes().stream().map(LocalNode::endpoint).toList();
    }

    @Override
    public Publishing publishing() {
        return new Publishing(endpoints(), nodes().stream().map(LocalNode::url).toList(), Optional.of(key));
    }

    @Override
    public List<String> deaths() {
        return nodes.stream().flatMap(node -> node.deaths().stream()).toList();
    }

    /** Starts those that do not run, and waits until all are ready. */
    public void restore() {
        nodes().stream().filter(node -> !node.isRunning()).forEach(LocalNode::start);
        nodes().forEach(this::awaitReady);
    }

    public void awaitReady(LocalNode node) {
        long deadline = System.nanoTime() + START_MS * 1_000_000;
        while (!node.isReady()) {
            if (System.nanoTime() > deadline) {
                throw new DeploymentException(node.endpoint() + " is not ready within " + START_MS / 1000
                        + " s; the logs are in " + plan.directory());
            }
            plan.loop().pause(POLL_MS);
        }
    }

    @Override
    public void close() {
        nodes.stream().filter(LocalNode::isRunning).forEach(LocalNode::kill);
        placement.close();
    }

    private void start() {
        try {
            FreePorts ports = new FreePorts();
            List<NodePlace> places = IntStream.rangeClosed(0, size())
                    .mapToObj(i -> new NodePlace(
                            placement.clientHost(i),
                            ports.next(),
                            ports.next(),
                            placement.clusterHost(i),
                            ports.next()))
                    .toList();
            NodeConfig config = new NodeConfig(
                    name,
                    key,
                    plan.pace(),
                    places.stream().map(NodePlace::member).toList(),
                    size());
            for (int i = 0; i < places.size(); i++) {
                nodes.add(node(i, places.get(i), config.of(places.get(i), broker)));
            }
            restore();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private int size() {
        return plan.target().nodes();
    }

    private LocalNode node(int number, NodePlace place, JsonObject config) {
        String title = "node-" + (number + 1);
        Path conf = plan.directory().resolve(title + ".json");
        try {
            Files.createDirectories(plan.directory());
            Files.writeString(conf, config.encodePrettily());
        } catch (IOException e) {
            throw new DeploymentException(conf + " cannot be written: " + e.getMessage());
        }
        List<String> command = new ArrayList<>(placement.prefix(number));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(HEAP);
        command.addAll(program());
        if (config.containsKey("cluster")) {
            command.add("--cluster");
        }
        command.addAll(List.of("--conf", conf.toString()));
        return new LocalNode(
                plan.processes(),
                command,
                new Endpoint(title, place.clientHost(), place.port(), false, 0),
                plan.directory().resolve(title + ".log").toFile());
    }

    /** The jar that this class is in, or the class path when it is in none. */
    private static List<String> program() {
        try {
            Path place = Path.of(LocalDeployment.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(place)
                    ? List.of("-cp", System.getProperty("java.class.path"), "io.broadcastsocket.Main")
                    : List.of("-jar", place.toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
