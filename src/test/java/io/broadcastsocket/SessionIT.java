package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that go away and come back, with a session or with positions of their own. */
class SessionIT {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(new JsonObject(
                "{\"history\":{\"size\":20},\"session\":{\"ttlMs\":60000},\"limits\":{\"channelsPerConnection\":4}}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aPlainClientGetsItsSubscriptionsAndWhatItMissedOnEveryWorker() {
        try (TestClient publisher = server.connect()) {
            TestClient client = server.connect();
            client.subscribe("missed");
            String session = client.session();
            String clientId = client.clientId();
            for (int round = 0; round < 4; round++) {
                client.abort();
                publisher.broadcast("missed", round);
                client = server.connect("/?session=" + session);
                assertThat(client.welcome().getBoolean("resumed")).isTrue();
                assertThat(client.clientId()).isEqualTo(clientId);
                JsonObject message = client.awaitMessage("missed");
                while (message.getInteger("data") < round) {
                    message = client.awaitMessage("missed");
                }
                assertThat(message.getLong("offset")).isEqualTo(round + 1);
            }
            client.close();
        }
    }

    @Test
    void whatWasWrittenButPerhapsNotReadComesAgainAndIsAnnounced() {
        try (TestClient publisher = server.connect()) {
            String session;
            try (RawSocket raw = RawSocket.connect(server.port())) {
                raw.write(RawSocket.handshake(""));
                raw.readHead();
                session = raw.readMessage().getJsonObject("data").getString("session");
                raw.send("{\"type\":\"subscribe\",\"channel\":\"unread\"}");
                raw.readMessage();
                for (int i = 0; i < 5; i++) {
                    publisher.broadcast("unread", i);
                }
                raw.readMessage();
            }
            publisher.broadcast("unread", 5);
            try (TestClient back = server.connect("/?session=" + session)) {
                long redelivered = back.welcome()
                        .getJsonObject("subscriptions")
                        .getJsonObject("unread")
                        .getLong("redelivered");
                assertThat(redelivered).isBetween(1L, 6L);
                for (int i = 0; i < 6; i++) {
                    assertThat(back.awaitMessage("unread").getLong("offset")).isEqualTo(i + 1);
                }
            }
        }
    }

    @Test
    void aSecondConnectionTakesTheSessionOver() {
        for (int i = 0; i < 4; i++) {
            try (TestClient first = server.connect()) {
                first.subscribe("taken");
                try (TestClient second = server.connect("/?session=" + first.session())) {
                    assertThat(first.awaitClose()).isEqualTo(4100);
                    assertThat(second.welcome().getBoolean("resumed")).isTrue();
                    assertThat(second.clientId()).isEqualTo(first.clientId());
                    second.broadcast("taken", i);
                    assertThat(second.awaitMessage("taken").getInteger("data")).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void anUnknownSessionIsANewOne() {
        try (TestClient client = server.connect("/?session=nobody")) {
            assertThat(client.welcome().getBoolean("resumed")).isFalse();
            assertThat(client.session()).isNotEqualTo("nobody");
        }
    }

    @Test
    void manyChannelsAreResumedInOneRoundTrip() {
        try (TestClient client = server.connect();
                TestClient publisher = server.connect()) {
            JsonObject positions = new JsonObject();
            for (String channel : List.of("r1", "r2", "r3")) {
                JsonObject ack = publisher.broadcast(channel, "old").getJsonObject("data");
                publisher.broadcast(channel, "new");
                positions.put(
                        channel,
                        new JsonObject().put("epoch", ack.getString("epoch")).put("offset", ack.getLong("offset")));
            }
            positions.put("r4", new JsonObject().put("epoch", "other").put("offset", 7));
            positions.put("r5", new JsonObject().put("epoch", "other").put("offset", 7));
            JsonObject ack = client.request(
                            new JsonObject().put("type", "resume").put("positions", positions))
                    .getJsonObject("data");
            JsonObject subscriptions = ack.getJsonObject("subscriptions");
            assertThat(subscriptions.size()).isEqualTo(4);
            assertThat(ack.getJsonObject("refused").size()).isEqualTo(1);
            Set<String> got = new HashSet<>();
            for (String channel : subscriptions.fieldNames()) {
                if (channel.matches("r[123]")) {
                    assertThat(subscriptions.getJsonObject(channel).getBoolean("recovered"))
                            .isTrue();
                    got.add(channel);
                }
            }
            for (int i = got.size(); i > 0; i--) {
                JsonObject message = client.awaitType("message");
                assertThat(message.getString("data")).isEqualTo("new");
                assertThat(got.remove(message.getString("channel"))).isTrue();
            }
        }
    }

    @Test
    void aResumeTakesUpAnEarlierSessionToo() {
        try (TestClient publisher = server.connect()) {
            TestClient before = server.connect();
            before.subscribe("kept");
            before.close();
            Awaitility.await().untilAsserted(() -> {
                try (TestClient after = server.connect()) {
                    JsonObject ack =
                            after.request(new JsonObject().put("type", "resume").put("session", before.session()));
                    assertThat(ack.getJsonObject("data").getString("clientId")).isEqualTo(before.clientId());
                    publisher.broadcast("kept", "x");
                    assertThat(after.awaitMessage("kept").getString("data")).isEqualTo("x");
                }
            });
        }
    }

    @Test
    void aTrimmedHistoryIsAGapInTheWordsOfEachDialect() {
        try (TestClient publisher = server.connect();
                TestClient plain = server.connect();
                TestClient v1 = server.connect("/", "broadcast.v1")) {
            JsonObject first = publisher.broadcast("trimmed", 1).getJsonObject("data");
            for (int i = 2; i <= 30; i++) {
                publisher.broadcast("trimmed", i);
            }
            JsonObject since =
                    new JsonObject().put("epoch", first.getString("epoch")).put("offset", 1);
            JsonObject subscribe = new JsonObject()
                    .put("type", "subscribe")
                    .put("channel", "trimmed")
                    .put("since", since);
            for (TestClient client : List.of(plain, v1)) {
                JsonObject ack = client.request(subscribe).getJsonObject("data");
                assertThat(ack.getBoolean("recovered")).isFalse();
                JsonObject gap =
                        client.awaitType(client == v1 ? "gap" : "error").getJsonObject("data");
                assertThat(gap.getLong("from")).isEqualTo(2);
                assertThat(gap.getLong("to")).isEqualTo(10);
                assertThat(gap.getString("reason")).isEqualTo("trimmed");
                LongStream.rangeClosed(11, 30).forEach(offset -> assertThat(
                                client.awaitMessage("trimmed").getLong("offset"))
                        .isEqualTo(offset));
            }
        }
    }

    @Test
    void theSenderIsLeftOutWhenItWants() {
        try (TestClient sender = server.connect();
                TestClient other = server.connect()) {
            sender.subscribe("echo");
            other.subscribe("echo");
            sender.request(new JsonObject()
                    .put("type", "broadcast")
                    .put("channel", "echo")
                    .put("data", "quiet")
                    .put("echo", false));
            sender.broadcast("echo", "loud");
            assertThat(sender.awaitMessage("echo").getLong("offset")).isEqualTo(2);
            assertThat(other.awaitMessage("echo").getLong("offset")).isEqualTo(1);
        }
    }

    @Test
    void everyoneGetsABroadcastWithoutAChannel() {
        try (TestClient one = server.connect();
                TestClient two = server.connect()) {
            one.request(new JsonObject().put("type", "broadcast").put("data", "all"));
            assertThat(one.awaitMessage("*").getString("data")).isEqualTo("all");
            assertThat(two.awaitMessage("*").getString("data")).isEqualTo("all");
        }
    }

    @Test
    void aRepeatedMessageIdIsDeliveredOnceAndAckedAsTheFirstTime() {
        try (TestClient client = server.connect()) {
            client.subscribe("dedup");
            JsonObject command = new JsonObject()
                    .put("type", "broadcast")
                    .put("channel", "dedup")
                    .put("data", 1)
                    .put("messageId", "same");
            client.send(command);
            client.send(command);
            client.send(command.copy().put("messageId", "end"));
            assertThat(client.awaitMessage("dedup").getString("messageId")).isEqualTo("same");
            assertThat(client.awaitMessage("dedup").getString("messageId")).isEqualTo("end");
            JsonObject again = client.request(command).getJsonObject("data");
            assertThat(again.getBoolean("duplicate")).isTrue();
            assertThat(again.getLong("offset")).isEqualTo(1);
        }
    }
}
