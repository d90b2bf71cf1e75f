package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.cluster.ForeignMember;
import io.broadcastsocket.testing.ClusterConfig;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that should not be one cluster, or cannot: each says why. */
class ClusterJoinIT {
    private static final int VERTX_INITIALIZATION = 11;
    private static final int VERTX_DEPLOYMENT = 15;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void aNodeWithoutTheOthersIsNotReadyAndAcceptsNothingAndThenAllIsWell() {
        List<JsonObject> configs = ClusterConfig.of(2);
        configs.forEach(config -> config.getJsonObject("cluster").put("queue", new JsonObject().put("ms", 300)));
        TestServer alone = open(TestServer.start(configs.get(0)));
        assertThat(alone.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(alone.get("/health").body()).contains("the cluster has 1 of 2 nodes, and needs 2");
        assertThat(alone.postJson("/broadcast", "{\"channel\":\"a\",\"data\":1}")
                        .body())
                .contains("unavailable");
        TestClient refused = TestClient.open(TestClient.builder(), alone.port(), "/");
        assertThat(refused.awaitClose()).isEqualTo(1013);
        open(TestServer.start(configs.get(1)));
        Awaitility.await().until(() -> alone.get("/health/ready").statusCode() == 200);
        assertThat(alone.postJson("/broadcast", "{\"channel\":\"a\",\"data\":1}")
                        .body())
                .contains("replicated");
    }

    @Test
    void onePeerTooManyIsRefused() {
        List<JsonObject> configs = ClusterConfig.of(2);
        configs.forEach(config -> config.getJsonObject("cluster").put("members", 1));
        open(TestServer.start(configs.get(0)));
        assertThat(fails(VERTX_DEPLOYMENT, configs.get(1)))
                .contains("has 2 nodes with this one, and cluster.members is 1")
                .contains("another cluster.name");
    }

    @Test
    void aNodeDoesNotJoinOthersOfAnotherVersion() {
        List<JsonObject> configs = ClusterConfig.of(2);
        JsonObject cluster = configs.get(0).getJsonObject("cluster");
        open(ForeignMember.start(cluster.getString("name"), cluster.getInteger("port")));
        assertThat(fails(VERTX_DEPLOYMENT, configs.get(1)))
                .contains("speaks version another between nodes, and this one 1: all nodes of a cluster need the same");
    }

    @Test
    void nodesOfAnotherNameDoNotJoin() {
        List<JsonObject> configs = ClusterConfig.of(3);
        configs.get(1).getJsonObject("cluster").put("name", "another");
        TestServer one = open(TestServer.start(configs.get(0)));
        TestServer other = open(TestServer.start(configs.get(1)));
        // Who asks after it is let in: the other one has been turned away by then.
        TestServer third = open(TestServer.start(configs.get(2)));
        for (TestServer node : List.of(one, third)) {
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(node.get("/health").body()).contains("the cluster has 2 of 3 nodes"));
        }
        assertThat(other.get("/health").body()).contains("the cluster has 1 of 3 nodes");
    }

    @Test
    void anotherRuleForAChannelIsTold() {
        List<JsonObject> configs = ClusterConfig.of(2);
        TestServer one = open(TestServer.start(configs.get(0)));
        TestServer other = open(TestServer.start(configs.get(1).put("history", new JsonObject().put("size", 7))));
        for (TestServer node : List.of(one, other)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(node.get("/health").body())
                            .contains("has other rules (history, slowConsumer.policy, channels"));
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        JsonObject config = ClusterConfig.of(1).get(0);
        int port = config.getJsonObject("cluster").getInteger("port");
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(fails(VERTX_INITIALIZATION, config))
                    .contains("port " + taken.getLocalPort() + " of 127.0.0.1 is in use")
                    .contains("BROADCAST_CLUSTER_PORT");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        JsonObject config = ClusterConfig.of(1).get(0);
        config.getJsonObject("cluster").put("host", "192.0.2.1");
        assertThat(fails(VERTX_INITIALIZATION, config)).contains("192.0.2.1 is in use or not of this machine");
        config.getJsonObject("cluster").put("host", "127.0.0.9");
        assertThat(fails(VERTX_INITIALIZATION, config)).contains("no network interface has this address");
        config.getJsonObject("cluster").put("host", "no-such-host.invalid");
        assertThat(fails(VERTX_INITIALIZATION, config)).contains("\"no-such-host.invalid\" has no address");
    }

    @Test
    void aPeerWithoutAnAddressIsNamedAndTheOthersAreFound() {
        List<JsonObject> configs = ClusterConfig.of(2);
        configs.get(1).getJsonObject("cluster").getJsonArray("peers").add("no-such-peer.invalid:5701");
        configs.get(1).getJsonObject("cluster").put("members", 2);
        TestServer one = open(TestServer.start(configs.get(0)));
        ServerProcess other = open(launch(configs.get(1))).awaitStarted();
        assertThat(other.output()).contains("peer has no address").contains("no-such-peer.invalid");
        Awaitility.await().until(() -> one.get("/health/ready").statusCode() == 200);
    }

    @Test
    void aClockThatIsOffIsToldAndDoesNoHarm() {
        List<JsonObject> configs = ClusterConfig.of(2);
        ServerProcess ahead = open(ServerProcess.run(
                        Map.of("BROADCAST_API_PORT", "0"),
                        List.of(
                                ServerProcess.java(),
                                "-Dcom.hazelcast.clock.offset=300000",
                                "-jar",
                                System.getProperty("server.jar"),
                                "--conf",
                                ServerProcess.conf(configs.get(0)
                                        .copy()
                                        .put("host", "127.0.0.1")
                                        .put("port", 0)
                                        .encode()))))
                .awaitStarted();
        TestServer node = open(TestServer.start(configs.get(1)));
        Awaitility.await()
                .untilAsserted(() -> assertThat(node.get("/health").body()).contains("off that of the cluster"));
        Awaitility.await().until(() -> node.get("/health/ready").statusCode() == 200);
        try (TestClient client = node.connect();
                TestClient here = node.connect();
                TestClient there = TestClient.connect(ahead.port(), "/")) {
            client.subscribe("skew");
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? here : there).broadcast("skew", i);
                assertThat(client.awaitMessage("skew").getInteger("data")).isEqualTo(i);
            }
            assertThat(new JsonObject(node.get("/channels/skew/history").body()).getJsonArray("publications"))
                    .as("nothing is too old")
                    .hasSize(20);
        }
    }

    @Test
    void aMulticastGroupOrAServiceNeedsToBeToldHowManyThereAre() {
        JsonObject config = new JsonObject()
                .put(
                        "cluster",
                        new JsonObject()
                                .put("enabled", true)
                                .put("join", "kubernetes")
                                .put("quorum", 2));
        assertThat(fails(78, config))
                .contains("/cluster/service: must be named")
                .contains("/cluster/members: must say how many nodes there are");
        assertThat(fails(
                        78,
                        new JsonObject()
                                .put(
                                        "cluster",
                                        new JsonObject().put("host", "0.0.0.0").put("members", 3))))
                .contains("/cluster/publicHost");
    }

    private static String fails(int code, JsonObject config) {
        try (ServerProcess server = launch(config)) {
            assertThat(server.awaitExit()).as(server.output()).isEqualTo(code);
            return server.output();
        }
    }

    private static ServerProcess launch(JsonObject config) {
        JsonObject whole =
                config.copy().put("host", "127.0.0.1").put("port", 0).put("api", new JsonObject().put("port", 0));
        return ServerProcess.launch(Map.of(), "--conf", ServerProcess.conf(whole.encode()));
    }

    private <T extends AutoCloseable> T open(T closeable) {
        open.add(closeable);
        return closeable;
    }
}
