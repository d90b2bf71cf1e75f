package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The nodes of one contender; a single one is no cluster and has the embedded broker. */
final class RunningCluster implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<RunningServer> nodes = new ArrayList<>();

    private RunningCluster() {}

    /** Starts all nodes on the server's processor and waits until each of them sees all. */
    static RunningCluster start(Servers servers, Contender contender, Scenario scenario) throws IOException {
        RunningCluster cluster = new RunningCluster();
        if (contender.nodes == 1) {
            cluster.nodes.add(servers.start(contender, scenario));
            return cluster;
        }
        try {
            cluster.startAll(servers, contender, scenario);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll(Servers servers, Contender contender, Scenario scenario) throws IOException {
        List<Integer> members = freePorts(contender.nodes);
        List<Integer> apis = freePorts(contender.nodes);
        List<String> peers = members.stream().map(port -> "127.0.0.1:" + port).toList();
        for (int i = 0; i < contender.nodes; i++) {
            JsonObject backend = ServerUnderTest.cluster(peers, members.get(i), apis.get(i));
            nodes.add(servers.launch(contender, scenario, Processor.SERVER, backend));
        }
        for (int i = 0; i < contender.nodes; i++) {
            RunningServer node = nodes.get(i);
            int api = apis.get(i);
            servers.await(contender, node, () -> Servers.accepts(node.port) && isWhole(api));
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            int port = Servers.freePort();
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    /** A node that misses others says so in its health. */
    private static boolean isWhole(int apiPort) {
        try {
            String health = CLIENT.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + "/health"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return new JsonObject(health).getString("status").equals("ok");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The one that is published through. */
    RunningServer first() {
        return nodes.get(0);
    }

    /** Addresses of the others, for the generator. */
    String others() {
        return nodes.stream().skip(1).map(node -> node.address().toString()).collect(Collectors.joining(","));
    }

    /** That of the first node, and sums over all as {@code allHeapKb} and {@code allResidentKb}. */
    JsonObject memory() throws IOException {
        List<JsonObject> each = new ArrayList<>();
        for (RunningServer node : nodes) {
            each.add(node.memory());
        }
        JsonObject memory = each.get(0).copy();
        memory.put(
                "allHeapKb",
                each.stream().mapToLong(one -> one.getLong("heapKb", 0L)).sum());
        return memory.put(
                "allResidentKb",
                each.stream().mapToLong(one -> one.getLong("residentKb")).sum());
    }

    /** Several nodes are killed: that they would first move their logs to each other is no part of a run. */
    @Override
    public void close() {
        if (nodes.size() > 1) {
            nodes.forEach(RunningServer::kill);
        }
        nodes.forEach(RunningServer::close);
    }
}
