package io.broadcastsocket.testing.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.FreePort;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A master and a replica, watched by three sentinels of which two must agree; a failover takes about three seconds. */
public final class RedisSentinels implements AutoCloseable {
    private static final String MASTER_NAME = "mymaster";
    private static final String REPLICATION_USER = "replication";
    private static final int SENTINELS = 3;
    private static final int DEADLINE_MS = 5000;

    private record Sentinel(Resp resp, RedisProcess process) {
        Object cli(String... command) {
            return resp.call(DEADLINE_MS, command);
        }
    }

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();
    private RedisServer lastMaster;

    private RedisSentinels() {}

    /** Starts all five and waits until the replica follows and the sentinels know each other. */
    public static RedisSentinels start() {
        RedisSentinels all = new RedisSentinels();
        try {
            RedisServer master = server().start();
            all.servers.add(master);
            all.servers.add(server().replicaOf(master).start());
            all.servers.get(1).awaitLink();
            for (int i = 0; i < SENTINELS; i++) {
                all.sentinels.add(sentinel(master));
            }
            all.lastMaster = master;
            all.awaitAgreement();
            return all;
        } catch (RuntimeException | Error failure) {
            all.close();
            throw failure;
        }
    }

    public String url() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.resp().port())
                .collect(Collectors.joining(",", "redis+sentinel://", "/" + MASTER_NAME));
    }

    /** The master's port as the first sentinel says. */
    public int masterPort() {
        return masterPort(sentinels.get(0));
    }

    /** The server that the first sentinel calls the master, dead or alive. */
    public RedisServer master() {
        int port = masterPort();
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    /** The other one. */
    public RedisServer replica() {
        RedisServer master = master();
        return servers.stream().filter(server -> server != master).findFirst().orElseThrow();
    }

    /**
     * Cuts the replica off from its master, while the sentinels still take it for a candidate: what the master
     * acknowledges from here on is lost when it is killed.
     */
    public void detachReplica() {
        master().cli("ACL", "SETUSER", REPLICATION_USER, "off");
        master().cli("CLIENT", "KILL", "TYPE", "replica");
        await("the replica has lost its master", () -> assertThat(replica().info("replication"))
                .containsEntry("master_link_status", "down"));
    }

    /** Lets the replica follow its master again; waits until it does. */
    public void attachReplica() {
        master().cli("ACL", "SETUSER", REPLICATION_USER, "on");
        replica().awaitLink();
    }

    /** Waits until another server than at the start, or at the last failover, is the master and every sentinel says so. */
    public void awaitFailover() {
        RedisServer before = lastMaster;
        RedisServer after =
                servers.stream().filter(server -> server != before).findFirst().orElseThrow();
        await("a failover", () -> {
            assertThat(sentinels).extracting(RedisSentinels::masterPort).containsOnly(after.port());
            assertThat(after.info("replication")).containsEntry("role", "master");
        });
        lastMaster = after;
    }

    /** Makes the replica the master, which the sentinels do without a loss of acknowledged writes; waits for it. */
    public void failOver() {
        // Sentinels that failed over a moment ago, or do not know the replica's state yet, refuse for a while.
        await("a sentinel takes the order", () -> sentinels.get(0).cli("SENTINEL", "FAILOVER", MASTER_NAME));
        awaitFailover();
    }

    /** Waits until the master has its replica and all sentinels know it; after a failover start the old master before. */
    public void awaitAgreement() {
        await("the sentinels agree", () -> {
            for (Sentinel sentinel : sentinels) {
                assertThat(fields(sentinel.cli("SENTINEL", "MASTER", MASTER_NAME)))
                        .containsEntry("port", Integer.toString(lastMaster.port()))
                        .containsEntry("flags", "master")
                        .containsEntry("num-slaves", "1")
                        .containsEntry("num-other-sentinels", Integer.toString(SENTINELS - 1));
                assertThat((List<?>) sentinel.cli("SENTINEL", "REPLICAS", MASTER_NAME))
                        .singleElement()
                        .satisfies(replica -> assertThat(fields(replica))
                                .containsEntry("flags", "slave")
                                .containsEntry("master-link-status", "ok")
                                .containsEntry("master-port", Integer.toString(lastMaster.port())));
            }
        });
    }

    @Override
    public void close() {
        sentinels.forEach(sentinel -> sentinel.process().close());
        servers.forEach(RedisServer::close);
    }

    private static RedisServer.Builder server() {
        // A user of its own for the replication, so that it can be locked out while everybody else is served.
        return RedisServer.builder()
                .user(REPLICATION_USER + " on >secret +psync +replconf +ping")
                .with("masteruser", REPLICATION_USER)
                .with("masterauth", "secret");
    }

    private static Sentinel sentinel(RedisServer master) {
        // From 7.0 on the periods can be shortened. Otherwise a sentinel pings every second, and one that waits no
        // longer than that takes a master for down which it has only been told of.
        boolean tunable = master.binary().isAtLeast("7.0");
        int port = FreePort.next();
        Resp resp = new Resp(port, SocketFactory.getDefault(), List.of());
        List<String> configuration = List.of(
                "bind 127.0.0.1",
                "port " + port,
                "sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + master.port() + " 2",
                "sentinel down-after-milliseconds " + MASTER_NAME + " " + (tunable ? 1000 : 2000),
                "sentinel failover-timeout " + MASTER_NAME + " 3000",
                "sentinel parallel-syncs " + MASTER_NAME + " 1");
        Sentinel sentinel = new Sentinel(resp, RedisProcess.start(master.binary(), configuration, resp, "--sentinel"));
        if (tunable) {
            sentinel.cli("SENTINEL", "DEBUG", "PING-PERIOD", "400", "PUBLISH-PERIOD", "200", "INFO-PERIOD", "500");
        }
        return sentinel;
    }

    private static int masterPort(Sentinel sentinel) {
        List<?> address = (List<?>) sentinel.cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        return Integer.parseInt((String) address.get(1));
    }

    private static Map<String, String> fields(Object flat) {
        Map<String, String> fields = new HashMap<>();
        List<?> list = (List<?>) flat;
        for (int i = 0; i < list.size(); i += 2) {
            fields.put((String) list.get(i), (String) list.get(i + 1));
        }
        return fields;
    }

    private void await(String what, ThrowingRunnable reached) {
        try {
            Awaitility.await(what)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(40))
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .ignoreExceptionsInstanceOf(Resp.RedisError.class)
                    .untilAsserted(reached);
        } catch (RuntimeException late) {
            String outputs = Stream.concat(
                            sentinels.stream()
                                    .map(sentinel -> sentinel.process().output()),
                            servers.stream().map(RedisServer::output))
                    .collect(Collectors.joining("\n\n"));
            throw new AssertionError(outputs, late);
        }
    }
}
