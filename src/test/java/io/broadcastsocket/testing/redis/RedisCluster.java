package io.broadcastsocket.testing.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Redis Cluster of three masters without replicas; the slots are spread evenly. */
public final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final int NODES = 3;

    private final List<RedisServer> servers;

    private RedisCluster(List<RedisServer> servers) {
        this.servers = servers;
    }

    /** Starts it and waits until every node says that the cluster is complete. */
    public static RedisCluster start() {
        RedisCluster cluster = new RedisCluster(IntStream.range(0, NODES)
                .mapToObj(i -> RedisServer.builder()
                        .with("cluster-enabled", "yes")
                        .with("cluster-node-timeout", "2000")
                        // A node that was not met by another one does not know its own address.
                        .with("cluster-announce-ip", "127.0.0.1")
                        .start())
                .toList());
        try {
            cluster.form();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    /** Names two of the three; a client has to find the other. */
    public String url() {
        return servers.stream()
                .limit(2)
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "redis+cluster://", ""));
    }

    public List<RedisServer> servers() {
        return servers;
    }

    /** The slot of a key. */
    public int slotOf(String key) {
        return ((Long) servers.get(0).cli("CLUSTER", "KEYSLOT", key)).intValue();
    }

    /** The server that has the slot of a key. */
    public RedisServer ownerOf(String key) {
        return ownerOf(slotOf(key));
    }

    /** The server that says of itself that it has a slot. */
    public RedisServer ownerOf(int slot) {
        return servers.stream()
                .filter(RedisServer::isAlive)
                .filter(server -> has(server, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody has slot " + slot));
    }

    /** A server that does not have the slot of a key. */
    public RedisServer otherThanOwnerOf(String key) {
        RedisServer owner = ownerOf(key);
        return servers.stream().filter(server -> server != owner).findFirst().orElseThrow();
    }

    /** Moves a slot with its keys and waits until every node knows. */
    public void migrate(int slot, RedisServer to) {
        beginMigration(slot, to);
        moveKeys(slot, to);
        endMigration(slot, to);
    }

    /** From here on the owner answers ASK for keys that it does not have; it keeps those that it has. */
    public void beginMigration(int slot, RedisServer to) {
        RedisServer from = ownerOf(slot);
        setSlot(to, slot, "IMPORTING", id(from));
        setSlot(from, slot, "MIGRATING", id(to));
    }

    /** Moves the keys of a slot whose migration has begun; the owner answers ASK for them. */
    public void moveKeys(int slot, RedisServer to) {
        RedisServer from = ownerOf(slot);
        List<?> keys = keys(from, slot);
        while (!keys.isEmpty()) {
            String[] head = {"MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", "5000", "KEYS"};
            from.cli(Stream.concat(Stream.of(head), keys.stream().map(Object::toString))
                    .toArray(String[]::new));
            keys = keys(from, slot);
        }
    }

    /** Gives the slot over: the owner until now answers MOVED. */
    public void endMigration(int slot, RedisServer to) {
        RedisServer from = ownerOf(slot);
        setSlot(to, slot, "NODE", id(to));
        setSlot(from, slot, "NODE", id(to));
        servers.stream().filter(server -> server != from && server != to).forEach(server -> {
            setSlot(server, slot, "NODE", id(to));
        });
        awaitComplete();
    }

    /** Waits until every node says that all slots are served. */
    public void awaitComplete() {
        Awaitility.await("the cluster is complete")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(servers)
                        .extracting(server -> (String) server.cli("CLUSTER", "INFO"))
                        .allSatisfy(info -> assertThat(info)
                                .contains("cluster_state:ok", "cluster_slots_ok:" + SLOTS)
                                .contains("cluster_known_nodes:" + NODES)));
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }

    private void form() {
        for (int i = 0; i < NODES; i++) {
            int first = SLOTS * i / NODES;
            int last = SLOTS * (i + 1) / NODES;
            // ADDSLOTSRANGE is not in 6.2.
            servers.get(i)
                    .cli(Stream.concat(
                                    Stream.of("CLUSTER", "ADDSLOTS"),
                                    IntStream.range(first, last).mapToObj(Integer::toString))
                            .toArray(String[]::new));
            // Otherwise the nodes have to settle whose claims are newer first.
            servers.get(i).cli("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer other : servers.subList(1, NODES)) {
            servers.get(0).cli("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
        }
        awaitComplete();
    }

    private static List<?> keys(RedisServer server, int slot) {
        return (List<?>) server.cli("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "100");
    }

    private static void setSlot(RedisServer server, int slot, String state, String id) {
        server.cli("CLUSTER", "SETSLOT", Integer.toString(slot), state, id);
    }

    private static String id(RedisServer server) {
        return (String) server.cli("CLUSTER", "MYID");
    }

    private static boolean has(RedisServer server, int slot) {
        return ((String) server.cli("CLUSTER", "NODES"))
                .lines()
                .filter(line -> line.contains("myself"))
                .flatMap(line -> Stream.of(line.split(" ")).skip(8))
                .filter(range -> !range.startsWith("["))
                .map(range -> range.split("-"))
                .anyMatch(range ->
                        Integer.parseInt(range[0]) <= slot && slot <= Integer.parseInt(range[range.length - 1]));
    }
}
