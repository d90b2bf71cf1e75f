package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coming back on another worker, too late, with much, or with positions that mean nothing. */
class ResumeIT {
    /** The chance that as many connections all come to the same of two workers is nil. */
    private static final int MOST_TRIES = 50;

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSessionIsTakenUpOnAnotherWorkerWithEverythingMissed() {
        start("{}");
        int elsewhere = 0;
        for (int i = 0; elsewhere == 0 || i < 3; i++) {
            assertThat(i).as("every time on the same worker").isLessThan(MOST_TRIES);
            String channel = "news" + i;
            TestClient before = server.connect();
            int worker = onlyWorkerWithConnections();
            before.subscribe(channel);
            before.broadcast(channel, 1);
            before.awaitMessage(channel);
            before.abort();
            awaitConnections(0);
            publish(channel, 2);
            publish("*", "to all");
            try (TestClient after = server.connect("/?session=" + before.session())) {
                assertThat(after.clientId()).isEqualTo(before.clientId());
                assertThat(subscription(after, channel).getLong("offset")).isZero();
                assertThat(subscription(after, channel).getLong("redelivered")).isEqualTo(1);
                List<String> got = new ArrayList<>();
                for (int count = 0; count < 3; count++) {
                    JsonObject message = after.awaitType("message");
                    got.add(message.getString("channel") + "@" + message.getLong("offset"));
                }
                assertThat(got)
                        .containsExactlyInAnyOrder(channel + "@1", channel + "@2", "*@" + (i + 1))
                        .containsSubsequence(channel + "@1", channel + "@2");
                elsewhere += onlyWorkerWithConnections() == worker ? 0 : 1;
            }
            awaitConnections(0);
        }
    }

    @Test
    void aLiveSessionIsTakenOverAlsoFromAnotherWorker() {
        start("{}");
        TestClient holder = server.connect();
        holder.subscribe("news");
        int elsewhere = 0;
        for (int i = 0; elsewhere == 0 || i < 3; i++) {
            assertThat(i).as("every time on the same worker").isLessThan(MOST_TRIES);
            int worker = onlyWorkerWithConnections();
            TestClient next = server.connect("/?session=" + holder.session());
            assertThat(next.welcome().getBoolean("resumed")).isTrue();
            assertThat(holder.awaitClose()).isEqualTo(4100);
            assertThat(holder.closeReason()).isEqualTo("session-taken-over");
            long offset = publish("news", i).getLong("offset");
            next.await(message -> Long.valueOf(offset).equals(message.getLong("offset")));
            elsewhere += onlyWorkerWithConnections() == worker ? 0 : 1;
            holder = next;
        }
        holder.close();
    }

    @Test
    void whatAPongConfirmedIsNotDeliveredAgain() {
        start("{\"heartbeat\":{\"intervalMs\":100,\"timeoutMs\":50}}");
        TestClient before = server.connect();
        before.subscribe("news");
        publish("news", 1);
        before.awaitMessage("news");
        before.awaitType("ping");
        before.awaitType("ping");
        before.awaitType("ping");
        before.abort();
        publish("news", 2);
        try (TestClient after = server.connect("/?session=" + before.session())) {
            JsonObject news = after.welcome().getJsonObject("subscriptions").getJsonObject("news");
            assertThat(news.getLong("offset")).isEqualTo(1);
            assertThat(after.awaitMessage("news").getLong("offset")).isEqualTo(2);
        }
    }

    @Test
    void aSessionThatIsTooOldIsANewOne() {
        start("{\"session\":{\"ttlMs\":100}}");
        TestClient before = server.connect();
        before.subscribe("news");
        before.abort();
        awaitConnections(0);
        Awaitility.await().until(() -> sessionsWaiting() == 0);
        try (TestClient after = server.connect("/?session=" + before.session())) {
            assertThat(after.welcome().getBoolean("resumed")).isFalse();
            assertThat(after.clientId()).isNotEqualTo(before.clientId());
            assertThat(after.welcome().getJsonObject("subscriptions").fieldNames())
                    .containsExactly("*");
        }
    }

    @Test
    void aWithheldPublicationStaysWithheldWhenTheSessionComesBack() {
        start("{}");
        TestClient before = server.connect();
        before.subscribe("news");
        before.request(new JsonObject("{\"type\":\"broadcast\",\"channel\":\"news\",\"data\":1,\"echo\":false}"));
        before.abort();
        publish("news", 2);
        try (TestClient after = server.connect("/?session=" + before.session())) {
            assertThat(after.awaitMessage("news").getLong("offset")).isEqualTo(2);
            JsonObject since = new JsonObject()
                    .put("epoch", subscription(after, "news").getString("epoch"))
                    .put("offset", 0);
            try (TestClient stranger = server.connect()) {
                stranger.request(new JsonObject()
                        .put("type", "subscribe")
                        .put("channel", "news")
                        .put("since", since));
                assertThat(stranger.awaitMessage("news").getLong("offset")).isEqualTo(1);
            }
        }
    }

    @Test
    void manyChannelsAreResumedInOneRoundTripEachFromItsPosition() {
        start("{\"limits\":{\"channelsPerConnection\":300}}");
        JsonObject positions = new JsonObject();
        IntStream.range(0, 300).forEach(i -> {
            JsonObject first = publish("c" + i, "seen");
            publish("c" + i, "missed");
            positions.put(
                    "c" + i,
                    new JsonObject().put("epoch", first.getString("epoch")).put("offset", 1));
        });
        try (TestClient client = server.connect()) {
            JsonObject ack =
                    client.request(new JsonObject().put("type", "resume").put("positions", positions));
            JsonObject subscriptions = ack.getJsonObject("data").getJsonObject("subscriptions");
            assertThat(subscriptions.fieldNames()).hasSize(300);
            Set<String> got = new TreeSet<>();
            for (int i = 0; i < 300; i++) {
                JsonObject message = client.awaitType("message");
                assertThat(message.getString("data")).isEqualTo("missed");
                got.add(message.getString("channel"));
            }
            assertThat(got).hasSize(300);
        }
    }

    @Test
    void beyondTheLimitTheChannelsThatComeFirstHavePrecedence() {
        start("{\"limits\":{\"channelsPerConnection\":10}}");
        JsonObject positions = new JsonObject();
        IntStream.range(0, 30)
                .forEach(i -> positions.put(
                        "c" + i, new JsonObject().put("epoch", "gone").put("offset", 0)));
        try (TestClient client = server.connect("/", "broadcast.v1")) {
            JsonObject ack = client.request(
                            new JsonObject().put("type", "resume").put("positions", positions))
                    .getJsonObject("data");
            Set<String> first = new TreeSet<>();
            IntStream.range(0, 10).forEach(i -> first.add("c" + i));
            assertThat(ack.getJsonObject("subscriptions").fieldNames()).containsExactlyInAnyOrderElementsOf(first);
            assertThat(ack.getJsonObject("refused").fieldNames()).hasSize(20);
            Set<String> gaps = new TreeSet<>();
            for (int i = 0; i < 10; i++) {
                JsonObject gap = client.awaitType("gap");
                assertThat(gap.getJsonObject("data").getString("reason")).isEqualTo("epoch");
                gaps.add(gap.getString("channel"));
            }
            assertThat(gaps).isEqualTo(first);
        }
    }

    @Test
    void aSessionWhoseHistoryIsGoneGetsAGapAndWhatThereIs() {
        start("{\"history\":{\"size\":3}}");
        TestClient before = server.connect();
        before.subscribe("news");
        before.abort();
        awaitConnections(0);
        IntStream.rangeClosed(1, 8).forEach(i -> publish("news", i));
        try (TestClient after = server.connect("/?session=" + before.session(), "broadcast.v1")) {
            assertThat(subscription(after, "news").getBoolean("recovered")).isFalse();
            assertThat(subscription(after, "news").getLong("offset")).isEqualTo(5);
            JsonObject gap = after.awaitType("gap").getJsonObject("data");
            assertThat(gap.getLong("from")).isEqualTo(1);
            assertThat(gap.getLong("to")).isEqualTo(5);
            for (int offset = 6; offset <= 8; offset++) {
                assertThat(after.awaitMessage("news").getLong("offset")).isEqualTo(offset);
            }
        }
    }

    private void start(String changes) {
        server = TestServer.start(new JsonObject(changes));
    }

    private JsonObject publish(String channel, Object data) {
        return new JsonObject(server.postJson(
                        "/broadcast",
                        new JsonObject()
                                .put("channel", channel)
                                .put("data", data)
                                .encode())
                .body());
    }

    private static JsonObject subscription(TestClient client, String channel) {
        return client.welcome().getJsonObject("subscriptions").getJsonObject(channel);
    }

    /** The worker of the only connection that is open. */
    private int onlyWorkerWithConnections() {
        awaitConnections(1);
        return connectionsOf(0) == 1 ? 0 : 1;
    }

    private int connectionsOf(int worker) {
        return new JsonObject(server.get("/stats").body())
                .getJsonArray("workers")
                .getJsonObject(worker)
                .getInteger("connections");
    }

    private void awaitConnections(int count) {
        Awaitility.await().until(() -> connectionsOf(0) + connectionsOf(1) == count);
    }

    private int sessionsWaiting() {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("broadcast_sessions_waiting "))
                .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .sum();
    }
}
