package io.broadcastsocket.verify.deployment;

import java.io.File;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Each node in a network namespace of its own, with two interfaces: one to its clients, and one to its peers, which can be
 * cut off. Two bridges on this machine join them.
 *
 * <p>Thread-safe: the hook that removes them runs whenever the JVM is told to stop. Names carry the pid of this process.
 */
final class Namespaces implements Placement {
    private final String name = "bs" + ProcessHandle.current().pid();
    private final String net;
    private final int nodes;
    private boolean closed;

    Namespaces(int nodes) {
        this.nodes = nodes;
        this.net = freeNet();
    }

    /** Why there can be none on this machine, if so. */
    synchronized Optional<String> obstacle() {
        boolean ip = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "ip")));
        if (!ip) {
            return Optional.of("there is no \"ip\" command (iproute2)");
        }
        checkOpen();
        try {
            ip("netns", "add", probe());
            return Optional.empty();
        } catch (DeploymentException refused) {
            return Optional.of("network namespaces cannot be made: " + refused.getMessage());
        } finally {
            quietly("netns", "del", probe());
        }
    }

    /** Makes them; what was made is removed by {@link #close} also when this fails half-way. */
    synchronized void make() {
        checkOpen();
        bridge(clients(), net + ".1/25");
        bridge(peers(), net + ".129/25");
        for (int node = 0; node < nodes && !closed; node++) {
            ip("netns", "add", namespace(node));
            inside(node, "ip", "link", "set", "lo", "up");
            join(node, clients(), clientLink(node), "clients", clientHost(node));
            join(node, peers(), peerLink(node), "peers", clusterHost(node));
        }
    }

    /** Cuts a node off from its peers, not from its clients. */
    void cut(int node) {
        ip("link", "set", peerLink(node), "down");
    }

    void heal(int node) {
        ip("link", "set", peerLink(node), "up");
    }

    /** This machine's address on the peers' side. */
    String gateway() {
        return net + ".129";
    }

    @Override
    public List<String> prefix(int node) {
        return List.of("ip", "netns", "exec", namespace(node));
    }

    @Override
    public String clientHost(int node) {
        return net + "." + (2 + node);
    }

    @Override
    public String clusterHost(int node) {
        return net + "." + (130 + node);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (int node = 0; node < nodes; node++) {
            quietly("link", "del", clientLink(node));
            quietly("link", "del", peerLink(node));
            quietly("netns", "del", namespace(node));
        }
        quietly("link", "del", clients());
        quietly("link", "del", peers());
    }

    private void checkOpen() {
        if (closed) {
            throw new DeploymentException("the tool is about to end");
        }
    }

    private String probe() {
        return name + "-probe";
    }

    private String namespace(int node) {
        return name + "-" + node;
    }

    private String clients() {
        return name + "c";
    }

    private String peers() {
        return name + "p";
    }

    private String clientLink(int node) {
        return name + "c" + node;
    }

    private String peerLink(int node) {
        return name + "p" + node;
    }

    private static void bridge(String name, String address) {
        ip("link", "add", name, "type", "bridge");
        ip("addr", "add", address, "dev", name);
        ip("link", "set", name, "up");
    }

    private void join(int node, String bridge, String outer, String inner, String address) {
        ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", namespace(node));
        ip("link", "set", outer, "master", bridge, "up");
        inside(node, "ip", "addr", "add", address + "/25", "dev", inner);
        inside(node, "ip", "link", "set", inner, "up");
    }

    private void inside(int node, String... command) {
        Processes.run(Stream.concat(prefix(node).stream(), Stream.of(command)).toArray(String[]::new));
    }

    private static void ip(String... arguments) {
        Processes.run(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static void quietly(String... arguments) {
        try {
            ip(arguments);
        } catch (DeploymentException gone) {
            // It was never made, or went with its namespace.
        }
    }

    /** The first three numbers of a network that no interface of this machine is in. */
    private static String freeNet() {
        for (int i = (int) (ProcessHandle.current().pid() % 200); i < 255; i++) {
            String candidate = "10.213." + i;
            if (addresses().noneMatch(address -> address.startsWith(candidate + "."))) {
                return candidate;
            }
        }
        throw new DeploymentException("there is no free network in 10.213.0.0/16");
    }

    private static Stream<String> addresses() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> address.getHostAddress());
        } catch (SocketException e) {
            throw new DeploymentException("the interfaces of this machine cannot be listed: " + e.getMessage());
        }
    }
}
