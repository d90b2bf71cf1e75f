package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ClusterConfig;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes with nothing beside them are one service. */
class ClusterNodesIT {
    private static final List<TestServer> NODES = new ArrayList<>();

    @BeforeAll
    static void start() {
        ClusterConfig.of(3).forEach(config -> NODES.add(TestServer.start(config)));
    }

    @AfterAll
    static void stop() {
        NODES.forEach(TestServer::close);
    }

    @Test
    void everyNodeTellsTheSameOfAll() {
        try (TestClient one = NODES.get(0).connect();
                TestClient two = NODES.get(1).connect();
                TestClient three = NODES.get(2).connect()) {
            List.of(one, two, three).forEach(client -> client.subscribe("stats-a"));
            three.subscribe("stats-b");
            one.broadcast("stats-a", 1);
            for (TestServer node : NODES) {
                Awaitility.await().untilAsserted(() -> {
                    JsonObject stats =
                            new JsonObject(node.get("/stats?scope=cluster").body());
                    assertThat(stats.getJsonArray("nodes")).hasSize(3);
                    assertThat(stats.getJsonObject("totals").getInteger("connections"))
                            .isEqualTo(3);
                    assertThat(row(stats, "stats-a")).isEqualTo("3 1");
                    assertThat(row(stats, "stats-b")).isEqualTo("1 0");
                });
            }
            JsonObject page = new JsonObject(NODES.get(0)
                    .get("/stats?scope=cluster&limit=1&after=stats-a")
                    .body());
            assertThat(page.getJsonArray("channels")).hasSize(1);
            assertThat(page.getJsonArray("channels").getJsonObject(0).getString("channel"))
                    .isEqualTo("stats-b");
        }
    }

    @Test
    void aBroadcastByHttpReachesSubscribersOfAllNodesInOneOrder() {
        List<TestClient> clients = NODES.stream().map(TestServer::connect).toList();
        clients.forEach(client -> client.subscribe("order"));
        int count = 60;
        for (int i = 0; i < count; i++) {
            JsonObject answer = new JsonObject(NODES.get(i % 3)
                    .postJson("/broadcast", "{\"channel\":\"order\",\"data\":" + i + ",\"messageId\":\"o" + i + "\"}")
                    .body());
            assertThat(answer.getString("durability")).isEqualTo("replicated");
        }
        List<Integer> expected = IntStream.range(0, count).boxed().toList();
        for (TestClient client : clients) {
            List<Integer> got = IntStream.range(0, count)
                    .mapToObj(i -> client.awaitMessage("order").getInteger("data"))
                    .toList();
            assertThat(got).isEqualTo(expected);
            client.close();
        }
    }

    @Test
    void everyoneIsEveryoneOnAllNodes() {
        try (TestClient here = NODES.get(0).connect();
                TestClient there = NODES.get(2).connect()) {
            here.send("{\"type\":\"broadcast\",\"data\":\"to all\",\"messageId\":\"everyone\"}");
            assertThat(there.await(message -> "everyone".equals(message.getString("messageId")))
                            .getString("data"))
                    .isEqualTo("to all");
        }
    }

    @Test
    void historyAndResumeWorkOnAnyNode() {
        try (TestClient publisher = NODES.get(0).connect()) {
            publisher.subscribe("resume");
            JsonObject first = publisher.broadcast("resume", 1).getJsonObject("data");
            publisher.broadcast("resume", 2);
            String history = NODES.get(1).get("/channels/resume/history").body();
            assertThat(new JsonObject(history).getJsonArray("publications")).hasSize(2);
            try (TestClient other = NODES.get(2).connect()) {
                other.request(new JsonObject()
                        .put("type", "resume")
                        .put(
                                "positions",
                                new JsonObject()
                                        .put(
                                                "resume",
                                                new JsonObject()
                                                        .put("epoch", first.getString("epoch"))
                                                        .put("offset", 1))));
                assertThat(other.awaitMessage("resume").getInteger("data")).isEqualTo(2);
            }
        }
    }

    @Test
    void aMessageIdIsPublishedOnceOverAllNodes() {
        String body = "{\"channel\":\"once\",\"data\":1,\"messageId\":\"same\"}";
        JsonObject first =
                new JsonObject(NODES.get(0).postJson("/broadcast", body).body());
        JsonObject again =
                new JsonObject(NODES.get(1).postJson("/broadcast", body).body());
        assertThat(again.getBoolean("duplicate")).isTrue();
        assertThat(again.getLong("offset")).isEqualTo(first.getLong("offset"));
    }

    @Test
    void aClientIsDisconnectedOnWhateverNodeItIs() {
        try (TestClient there = NODES.get(2).connect()) {
            HttpRequest delete = NODES.get(0)
                    .request("/clients/" + there.clientId())
                    .DELETE()
                    .build();
            assertThat(TestServer.send(delete).statusCode()).isEqualTo(204);
            assertThat(there.awaitClose()).isEqualTo(4101);
            assertThat(TestServer.send(delete).statusCode()).isEqualTo(404);
        }
    }

    private static String row(JsonObject stats, String channel) {
        return stats.getJsonArray("channels").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("channel").equals(channel))
                .map(row -> row.getInteger("subscribers") + " " + row.getInteger("messages"))
                .findFirst()
                .orElse("none");
    }
}
