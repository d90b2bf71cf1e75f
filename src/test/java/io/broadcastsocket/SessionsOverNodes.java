package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Several nodes: what was broadcast on one, and who was connected to one, is known to the others. */
abstract class SessionsOverNodes {
    /** A node in this JVM. */
    abstract TestServer one();

    /** Another one. */
    abstract TestServer two();

    /** A third one, in a process of its own. */
    abstract ServerProcess third();

    /** What acknowledged publications survive. */
    abstract String durability();

    /** Whether the state of a session with these words in it is kept, in case its node dies. */
    abstract boolean isKept(String... words);

    @Test
    void aBroadcastOnOneNodeReachesSubscribersOnAll() {
        try (TestClient here = one().connect();
                TestClient there = two().connect()) {
            there.send("{\"type\":\"subscribe\",\"channel\":\"across\",\"messageId\":\"s\"}");
            there.awaitType("ack");
            here.send("{\"type\":\"broadcast\",\"channel\":\"across\",\"data\":{\"n\":1},\"messageId\":\"m1\"}");
            JsonObject ack = here.awaitType("ack").getJsonObject("data");
            assertThat(ack.getString("durability")).isEqualTo(durability());
            JsonObject message = there.awaitType("message");
            assertThat(message.getString("messageId")).isEqualTo("m1");
            assertThat(message.getLong("offset")).isEqualTo(ack.getLong("offset"));
        }
    }

    @Test
    void everyoneIsEveryoneOnAllNodes() {
        try (TestClient here = one().connect();
                TestClient there = two().connect()) {
            here.send("{\"type\":\"broadcast\",\"data\":\"to all\",\"messageId\":\"everyone\"}");
            assertThat(there.await(message -> "everyone".equals(message.getString("messageId")))
                            .getString("data"))
                    .isEqualTo("to all");
        }
    }

    @Test
    void aSessionMovesToAnotherNodeAndTheOldConnectionIsClosed() {
        try (TestClient old = one().connect()) {
            old.send("{\"type\":\"subscribe\",\"channel\":\"moving\",\"messageId\":\"s\"}");
            old.awaitType("ack");
            awaitKept(old, "moving");
            try (TestClient fresh = two().connect("/?session=" + old.session())) {
                assertThat(fresh.welcome().getBoolean("resumed")).isTrue();
                assertThat(fresh.clientId()).isEqualTo(old.clientId());
                assertThat(fresh.welcome().getJsonObject("subscriptions").fieldNames())
                        .containsExactlyInAnyOrder("*", "moving");
                assertThat(old.awaitClose()).isEqualTo(4100);
                publish(one(), "moving", "after");
                assertThat(fresh.awaitType("message").getString("messageId")).isEqualTo("after");
            }
        }
    }

    @Test
    void aSessionCanMoveAgainAsSoonAsItIsKept() {
        try (TestClient first = one().connect()) {
            first.send("{\"type\":\"subscribe\",\"channel\":\"moving\",\"messageId\":\"s\"}");
            first.awaitType("ack");
            awaitKept(first, "moving");
            for (int i = 0; i < 6; i++) {
                // Not closed: each is taken over while it is connected.
                TestClient next = (i % 2 == 0 ? two() : one()).connect("/?session=" + first.session());
                assertThat(next.welcome().getBoolean("resumed"))
                        .as("move %d", i)
                        .isTrue();
                assertThat(next.welcome().getJsonObject("subscriptions").fieldNames())
                        .contains("moving");
                awaitKept(next, "moving");
            }
        }
    }

    /** Repeated, since they meet at other moments each time. */
    @RepeatedTest(8)
    void ofManyThatComeWithOneSessionAtOnceOneHasItInTheEnd(RepetitionInfo round) {
        TestClient old = one().connect();
        old.subscribe("shared");
        awaitKept(old, "shared");
        List<CompletableFuture<Optional<TestClient>>> coming = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> (i % 2 == 0 ? one() : two()).tryToConnect("/?session=" + old.session())))
                .toList();
        // Some are taken over before their welcome; whoever is welcomed has the session.
        List<TestClient> welcomed = coming.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
        assertThat(welcomed).isNotEmpty().allMatch(client -> client.clientId().equals(old.clientId()));
        Awaitility.await()
                .until(() ->
                        welcomed.stream().filter(client -> !client.isClosed()).count() == 1);
        String after = "after" + round.getCurrentRepetition();
        publish(one(), "shared", after);
        TestClient last = welcomed.stream()
                .filter(client -> !client.isClosed())
                .findFirst()
                .orElseThrow();
        assertThat(last.awaitMessage("shared").getString("messageId")).isEqualTo(after);
        last.close();
        assertThat(old.awaitClose()).isEqualTo(4100);
    }

    @Test
    void aSessionSurvivesTheDeathOfItsNode() throws Exception {
        try (ServerProcess doomed = third().awaitStarted();
                TestClient client = TestClient.connect(doomed.port(), "/")) {
            client.send("{\"type\":\"subscribe\",\"channel\":\"doomed\",\"messageId\":\"s\"}");
            client.awaitType("ack");
            awaitKept(client, "doomed");
            new ProcessBuilder("kill", "-9", Long.toString(doomed.pid()))
                    .start()
                    .waitFor();
            publish(one(), "doomed", "missed");
            try (TestClient back = two().connect("/?session=" + client.session())) {
                assertThat(back.welcome().getBoolean("resumed")).isTrue();
                JsonObject missed = back.awaitType("message");
                assertThat(missed.getString("messageId")).isEqualTo("missed");
                assertThat(back.welcome()
                                .getJsonObject("subscriptions")
                                .getJsonObject("doomed")
                                .getInteger("redelivered"))
                        .isEqualTo(1);
            }
        }
    }

    /** A live session is kept half a second after it has changed. */
    private void awaitKept(TestClient client, String channel) {
        Awaitility.await().until(() -> isKept(client.clientId(), "\"" + channel + "\""));
    }

    private static void publish(TestServer server, String channel, String messageId) {
        assertThat(server.postJson(
                                "/broadcast",
                                "{\"channel\":\"" + channel + "\",\"data\":1,\"messageId\":\"" + messageId + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }
}
