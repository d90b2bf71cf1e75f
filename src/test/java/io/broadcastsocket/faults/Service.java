package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that share nothing but Redis, with publishers that never stop and witnesses of everything that is delivered.
 *
 * <p>A test breaks something, waits until it {@link #flowsAgain}, and has it {@link #audit audited}.
 */
final class Service implements AutoCloseable {
    /** Issue 3: publications flow so soon after Redis is back. */
    static final Duration RECOVERY = Duration.ofSeconds(5);

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int WITNESSES_PER_NODE = 2;
    private static final int PUBLISH_MS = 5;
    private static final Logger log = LoggerFactory.getLogger(Service.class);

    private final List<TestServer> nodes = new ArrayList<>();
    private final Map<String, Publisher> publishers = new LinkedHashMap<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "service-ticks");
        thread.setDaemon(true);
        return thread;
    });

    private Service() {}

    /** Nodes with these configurations, with one publisher and witnesses on each for every channel; all is flowing. */
    static Service start(List<JsonObject> configs, List<String> channels) {
        Service service = quiet(configs, channels);
        try {
            service.publish();
            return service;
        } catch (RuntimeException | Error failure) {
            service.close();
            throw failure;
        }
    }

    /** The same; everybody is subscribed, and nothing is published. */
    static Service quiet(List<JsonObject> configs, List<String> channels) {
        Service service = new Service();
        try {
            configs.forEach(config -> service.addNode(config, channels));
            service.subscribe();
            return service;
        } catch (RuntimeException | Error failure) {
            service.close();
            throw failure;
        }
    }

    /** What makes faults fast, and a history in which everything of a test has a place. */
    static JsonObject config(String redisUrl) {
        return new JsonObject()
                .put("redisUrl", redisUrl)
                .put("history", new JsonObject().put("size", 100_000).put("bytes", 1 << 30))
                .put("redis", new JsonObject().put("probeMs", 100).put("deadlineMs", 500));
    }

    TestServer node(int index) {
        return nodes.get(index);
    }

    Publisher publisher(int node, String channel) {
        return publishers.get(prefix(node, channel));
    }

    List<Witness> witnesses() {
        return witnesses;
    }

    private void addNode(JsonObject config, List<String> channels) {
        int index = nodes.size();
        TestServer node = TestServer.start(config);
        nodes.add(node);
        for (String channel : channels) {
            String prefix = prefix(index, channel);
            publishers.put(prefix, new Publisher(node.port(), channel, prefix));
            for (int i = 0; i < WITNESSES_PER_NODE; i++) {
                witnesses.add(new Witness(prefix + " witness " + i, node.port(), channel));
            }
        }
    }

    private void subscribe() {
        ticks.scheduleAtFixedRate(() -> witnesses.forEach(Witness::tick), 0, 50, TimeUnit.MILLISECONDS);
        await("everybody is subscribed", () -> witnesses.stream().allMatch(Witness::isSubscribed));
    }

    private void publish() {
        ticks.scheduleAtFixedRate(
                () -> publishers.values().forEach(Publisher::tick), 0, PUBLISH_MS, TimeUnit.MILLISECONDS);
        flowsAgain();
        awaitReady();
    }

    /** Waits until something that is published from here on is acknowledged and reaches everybody; gives how long it took. */
    Duration flowsAgain() {
        long begin = System.nanoTime();
        Map<Publisher, List<String>> sent = new LinkedHashMap<>();
        await("publications flow", () -> {
            // Not only the next one: it may be among those that the fault still takes along, after an announced gap.
            publishers.values().forEach(publisher -> sent.computeIfAbsent(publisher, first -> new ArrayList<>())
                    .add(publisher.nextId()));
            return sent.entrySet().stream()
                    .allMatch(entry -> entry.getValue().stream().anyMatch(id -> hasReachedAll(entry.getKey(), id)));
        });
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private boolean hasReachedAll(Publisher publisher, String id) {
        return publisher.hasAcknowledged(id)
                && witnesses.stream()
                        .filter(witness -> witness.channel().equals(publisher.channel()))
                        .allMatch(witness -> witness.has(id));
    }

    /** The same, which must not take longer than promised. */
    void recovers(String fault) {
        Duration took = flowsAgain();
        log.info("recovered fault=\"{}\" ms={}", fault, took.toMillis());
        assertThat(took).as("publications flow after: %s", fault).isLessThan(RECOVERY);
    }

    void awaitReady() {
        await("every node is ready", () -> nodes.stream()
                .allMatch(node -> problems(node).equals("[]")));
    }

    /** Why a node is not ready, as it says. */
    static String problems(TestServer node) {
        return new JsonObject(node.get("/health/ready").body())
                .getJsonArray("problems")
                .encode();
    }

    /** What {@code /stats} says of a node's broker. */
    static JsonObject stats(TestServer node) {
        return new JsonObject(node.get("/stats").body()).getJsonObject("broker");
    }

    /** Ends the publishing, waits until all is delivered, and checks what every witness was given. */
    List<Audit> audit() {
        publishers.values().forEach(Publisher::stop);
        await("everything is acknowledged", () -> publishers.values().stream()
                .allMatch(publisher -> publisher.unacknowledged() == 0));
        Map<String, Position> ends = new LinkedHashMap<>();
        witnesses.forEach(witness -> ends.computeIfAbsent(witness.channel(), this::end));
        await("everybody has everything", () -> witnesses.stream()
                .allMatch(witness -> witness.position().equals(ends.get(witness.channel()))));
        return witnesses.stream().map(this::audit).toList();
    }

    private Audit audit(Witness witness) {
        Audit audit = new Audit(witness);
        publishers.forEach((prefix, publisher) -> {
            if (publisher.channel().equals(witness.channel())) {
                audit.checkAcknowledged(publisher.acknowledged());
                if (publisher.keptOrder()) {
                    audit.checkOrder(prefix);
                }
            }
        });
        log.debug("audited {} epochs={} gaps={}", witness, audit.epochs(), audit.gaps());
        return audit;
    }

    private Position end(String channel) {
        try (TestClient client = nodes.get(0).connect()) {
            JsonObject data = client.broadcast(channel, "end").getJsonObject("data");
            return new Position(data.getString("epoch"), data.getLong("offset"));
        }
    }

    /** Waits for something, and tells how everybody is when it does not come. */
    void await(String what, BooleanSupplier reached) {
        try {
            Awaitility.await(what)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(DEADLINE)
                    .until(reached::getAsBoolean);
        } catch (ConditionTimeoutException late) {
            List<Object> state = new ArrayList<>(publishers.values());
            state.addAll(witnesses);
            nodes.forEach(node -> state.add(stats(node)));
            throw new AssertionError("not within " + DEADLINE + ": " + what + "; " + state, late);
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        publishers.values().forEach(Publisher::close);
        witnesses.forEach(Witness::close);
        nodes.forEach(TestServer::close);
    }

    private static String prefix(int node, String channel) {
        return channel + "." + node;
    }
}
