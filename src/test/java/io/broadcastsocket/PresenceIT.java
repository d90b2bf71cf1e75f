package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is in a channel, over real sockets and over the workers of one node. */
class PresenceIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject("{\"limits\":{\"channelsPerConnection\":2}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestClient connect(String path) {
        return server.connect(path, Dialect.SUBPROTOCOL_V1);
    }

    private static JsonObject enter(TestClient client, String channel, Object info) {
        return client.request(new JsonObject()
                .put("type", "subscribe")
                .put("channel", channel)
                .put("info", info));
    }

    private static JsonObject watch(TestClient client, String channel) {
        return client.request(new JsonObject()
                .put("type", "subscribe")
                .put("channel", channel)
                .put("presence", true));
    }

    private static JsonObject presence(String channel, String query) {
        return new JsonObject(
                server.get("/channels/" + channel + "/presence" + query).body());
    }

    private static Set<String> members(String channel) {
        Set<String> members = new TreeSet<>();
        String next = "";
        while (next != null) {
            JsonObject page = presence(channel, "?limit=50&after=" + next);
            members.addAll(ids(page.getJsonArray("members")));
            next = page.getString("next");
        }
        return members;
    }

    private static List<String> ids(JsonArray members) {
        return members.stream()
                .map(member -> ((JsonObject) member).getString("clientId"))
                .toList();
    }

    private static JsonObject push(TestClient client) {
        return client.await(message -> Set.of("join", "leave").contains(message.getString("type")));
    }

    private static String told(JsonObject push) {
        return push.getString("type") + " " + push.getJsonObject("data").getString("clientId");
    }

    @Test
    void whatAWatcherSeesIsCompleteWhileManyJoinAndLeave() {
        PresenceCrowd.joinsAndLeavesWhileOthersWatch("crowd", server, server);
    }

    @Test
    void aReloadDoesNotBlinkOnWhateverWorker() {
        try (TestClient watcher = connect("/")) {
            watch(watcher, "reload");
            TestClient member = server.connect();
            enter(member, "reload", 0);
            assertThat(told(push(watcher))).isEqualTo("join " + member.clientId());
            for (int i = 0; i < 8; i++) {
                member.close();
                member = server.connect("/?session=" + member.session());
                assertThat(member.welcome().getBoolean("resumed")).isTrue();
            }
            enter(member, "reload", 1);
            assertThat(push(watcher).getJsonObject("data"))
                    .as("the first thing told after the join")
                    .isEqualTo(
                            new JsonObject().put("clientId", member.clientId()).put("info", 1));
            member.close();
        }
    }

    @Test
    void aTakeoverDoesNotBlinkEither() {
        try (TestClient watcher = connect("/");
                TestClient first = server.connect()) {
            watch(watcher, "takeover");
            enter(first, "takeover", 0);
            push(watcher);
            try (TestClient second = server.connect("/?session=" + first.session())) {
                assertThat(first.awaitClose()).isEqualTo(4100);
                enter(second, "takeover", 1);
                assertThat(told(push(watcher))).isEqualTo("join " + first.clientId());
                assertThat(members("takeover")).containsExactly(first.clientId());
            }
        }
    }

    @Test
    void aSessionTakenUpLaterIsTheMemberItWasAndTheOneItReplacesLeaves() {
        try (TestClient watcher = connect("/")) {
            watch(watcher, "identity");
            TestClient old = connect("/");
            enter(old, "identity", "old");
            push(watcher);
            old.close();
            try (TestClient fresh = connect("/")) {
                enter(fresh, "identity", "new");
                assertThat(told(push(watcher))).isEqualTo("join " + fresh.clientId());
                fresh.request(new JsonObject().put("type", "resume").put("session", old.session()));
                assertThat(List.of(told(push(watcher)), told(push(watcher))))
                        .containsExactlyInAnyOrder("leave " + fresh.clientId(), "join " + old.clientId());
                assertThat(presence("identity", "").getJsonArray("members"))
                        .isEqualTo(JsonArray.of(
                                new JsonObject().put("clientId", old.clientId()).put("info", "new")));
            }
        }
    }

    @Test
    void aPlainClientThatTakesUpASessionIsToldNothingOfPresence() {
        TestClient old = connect("/");
        watch(old, "plain");
        enter(old, "plain", 1);
        old.close();
        try (TestClient plain = server.connect("/?session=" + old.session());
                TestClient other = server.connect()) {
            assertThat(plain.welcome().getJsonObject("subscriptions").fieldNames())
                    .containsExactlyInAnyOrder("*", "plain");
            enter(other, "plain", 2);
            other.broadcast("plain", "end");
            assertThat(plain.await(message -> true).getString("type")).isEqualTo("message");
            assertThat(members("plain")).contains(old.clientId());
        }
    }

    @Test
    void presenceCostsNoSubscriptionAndShowsInNoStatistics() {
        try (TestClient client = connect("/")) {
            watch(client, "one");
            watch(client, "two");
            enter(client, "two", 1);
            assertThat(client.subscribe("three").getJsonObject("data").getString("code"))
                    .isEqualTo("channel-limit");
            for (String scope : List.of("node", "cluster")) {
                JsonObject stats = new JsonObject(
                        server.get("/stats?limit=1000&scope=" + scope).body());
                assertThat(stats.getJsonArray("channels").encode())
                        .contains("\"two\"")
                        .doesNotContain("$");
                assertThat(stats.getJsonObject("totals").getLong("members")).isPositive();
            }
            assertThat(server.get("/metrics").body()).contains("broadcast_members{worker=\"0\"}");
        }
        Awaitility.await("members by way of open connections")
                .until(() -> new JsonObject(server.get("/stats").body())
                                .getJsonObject("totals")
                                .getLong("members")
                        == 0);
    }

    @Test
    void whatWasRefusedHasNotTakenEffect() {
        try (TestClient plain = server.connect()) {
            String large = "x".repeat(1023);
            assertThat(enter(plain, "refused", large).getJsonObject("data").getString("code"))
                    .isEqualTo("invalid-request");
            assertThat(plain.request(new JsonObject("{\"type\":\"subscribe\",\"channel\":\"refused\",\"info\":1,"
                                    + "\"presence\":true}"))
                            .getString("type"))
                    .isEqualTo("error");
            assertThat(presence("refused", "").getLong("count")).isZero();
            JsonObject stats = new JsonObject(server.get("/stats?limit=1000").body());
            assertThat(stats.getJsonArray("channels").encode()).doesNotContain("refused");
            assertThat(enter(plain, "refused", large.substring(1)).getString("type"))
                    .isEqualTo("ack");
        }
    }

    @Test
    void infoArrivesByteForByte() {
        String info = "{ \"n\" : 1.0e400, \"ü\":[\"\\ud800\"] }";
        try (TestClient watcher = connect("/");
                TestClient member = server.connect()) {
            watch(watcher, "raw");
            member.send("{\"type\":\"subscribe\",\"channel\":\"raw\",\"info\":" + info + "}");
            assertThat(watcher.awaitText(text -> text.contains("\"join\""))).contains("\"info\":" + info + "}");
            assertThat(server.get("/channels/raw/presence").body()).contains("\"info\":" + info + "}");
            watcher.send("{\"type\":\"presence\",\"channel\":\"raw\"}");
            assertThat(watcher.awaitText(text -> text.contains("\"count\""))).contains("\"info\":" + info + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/channels/$presence.news/presence",
                "/channels/$presence.news/history",
                "/channels/a%20b/presence",
                "/events?channel=$presence.news",
                "/channels/news/presence?limit=-1",
                "/channels/news/presence?limit=1001",
                "/channels/news/presence?limit=x"
            })
    void aPathThatNamesNoChannelOrNoPageIsRefused(String path) {
        assertThat(server.get(path.replace("$", "%24")).statusCode()).isEqualTo(400);
    }

    @Test
    void nobodyCanPublishToTheServersOwnChannels() {
        String body = "{\"channel\":\"$presence.news\",\"data\":{\"clientId\":\"x\",\"info\":1}}";
        assertThat(server.postJson("/broadcast", body).statusCode()).isEqualTo(400);
        assertThat(server.postJson(
                                "/broadcast",
                                body.replace("channel\":\"", "channels\":[\"").replace("news\"", "news\"]"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void everyoneHasAPresenceToo() {
        try (TestClient watcher = connect("/");
                TestClient member = server.connect()) {
            watch(watcher, "*");
            enter(member, "*", "here");
            assertThat(told(push(watcher))).isEqualTo("join " + member.clientId());
            assertThat(members("*")).containsExactly(member.clientId());
        }
    }
}
