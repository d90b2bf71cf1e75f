package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is in a channel, over nodes that share Redis, die and stop. */
class PresenceNodesIT {
    private static final long LEASE_MS = 2000;
    private static final long LINGER_MS = 1000;

    /** What PROTOCOL.md says, and a second for a slow machine. */
    private static final Duration WITHIN = Duration.ofMillis(LEASE_MS * 4 / 3 + 1000);

    private static RedisServer redis;
    private static TestServer one;
    private static TestServer two;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        one = TestServer.start(config());
        two = TestServer.start(config());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private static JsonObject config() {
        return new JsonObject()
                .put("redisUrl", redis.url())
                .put("presence", new JsonObject().put("leaseMs", LEASE_MS).put("lingerMs", LINGER_MS));
    }

    private static ServerProcess launch() {
        return ServerProcess.launch(
                        Map.of("REDIS_URL", redis.url(), "BROADCAST_PRESENCE_LEASE_MS", Long.toString(LEASE_MS)),
                        "--conf",
                        ServerProcess.conf("{\"host\":\"127.0.0.1\"}"))
                .awaitStarted();
    }

    private static TestClient watcher(TestServer node, String channel) {
        TestClient watcher = node.connect("/", Dialect.SUBPROTOCOL_V1);
        watcher.request(new JsonObject()
                .put("type", "subscribe")
                .put("channel", channel)
                .put("presence", true));
        return watcher;
    }

    private static void enter(TestClient client, String channel, Object info) {
        assertThat(client.request(new JsonObject()
                                .put("type", "subscribe")
                                .put("channel", channel)
                                .put("info", info))
                        .getString("type"))
                .isEqualTo("ack");
    }

    private static String push(TestClient client) {
        JsonObject push = client.await(message -> Set.of("join", "leave").contains(message.getString("type")));
        return push.getString("type") + " " + push.getJsonObject("data").getString("clientId");
    }

    private static long count(TestServer node, String channel) {
        return new JsonObject(
                        node.get("/channels/" + channel + "/presence?limit=0").body())
                .getLong("count");
    }

    @Test
    void membersAreSeenOnAllNodes() {
        try (TestClient watcher = watcher(two, "across");
                TestClient member = one.connect()) {
            enter(member, "across", "here");
            assertThat(push(watcher)).isEqualTo("join " + member.clientId());
            assertThat(count(two, "across")).isEqualTo(1);
            member.request(new JsonObject().put("type", "unsubscribe").put("channel", "across"));
            assertThat(push(watcher)).isEqualTo("leave " + member.clientId());
        }
    }

    @Test
    void watchersOnAllNodesMissNobody() {
        for (int i = 0; i < 5; i++) {
            PresenceCrowd.joinsAndLeavesWhileOthersWatch("crowd-" + i, one, two);
        }
    }

    @Test
    void aReloadOnAnotherNodeDoesNotBlink() {
        try (TestClient watcher = watcher(one, "reload")) {
            TestClient member = one.connect();
            enter(member, "reload", 0);
            push(watcher);
            for (int i = 0; i < 6; i++) {
                // A session can move again once it is kept.
                awaitCheckpoint(member, "reload");
                member.close();
                member = (i % 2 == 0 ? two : one).connect("/?session=" + member.session());
                assertThat(member.welcome().getBoolean("resumed")).isTrue();
            }
            awaitEndsOfEarlierVisits("reload", watcher);
            enter(member, "reload", 1);
            assertThat(push(watcher)).as("not a leave").isEqualTo("join " + member.clientId());
            assertThat(count(one, "reload")).isEqualTo(1);
            member.close();
        }
    }

    /** A node ends visits in the order in which it lost them: what each has lost last, it ends last. */
    private static void awaitEndsOfEarlierVisits(String channel, TestClient watcher) {
        Set<String> last = new HashSet<>();
        try (TestClient onOne = one.connect();
                TestClient onTwo = two.connect()) {
            for (TestClient client : List.of(onOne, onTwo)) {
                enter(client, channel, "last");
                assertThat(push(watcher)).isEqualTo("join " + client.clientId());
                last.add("leave " + client.clientId());
            }
        }
        assertThat(Set.of(push(watcher), push(watcher))).isEqualTo(last);
    }

    @Test
    void theMembersOfAKilledNodeVanishInTimeAndLeaveOnceEach() throws Exception {
        List<TestClient> members = new ArrayList<>();
        try (ServerProcess doomed = launch();
                TestClient watcher = watcher(one, "killed")) {
            IntStream.range(0, 20).forEach(i -> {
                members.add(TestClient.connect(doomed.port(), "/"));
                enter(members.get(i), "killed", i);
                assertThat(push(watcher)).isEqualTo("join " + members.get(i).clientId());
            });
            new ProcessBuilder("kill", "-9", Long.toString(doomed.pid()))
                    .start()
                    .waitFor();
            Awaitility.await().atMost(WITHIN).until(() -> count(two, "killed") == 0);
            List<String> left =
                    IntStream.range(0, 20).mapToObj(i -> push(watcher)).toList();
            assertThat(left)
                    .containsExactlyInAnyOrderElementsOf(members.stream()
                            .map(member -> "leave " + member.clientId())
                            .toList());
            enterAndExpectNothingElseBefore(watcher);
        } finally {
            members.forEach(TestClient::close);
        }
    }

    private static void enterAndExpectNothingElseBefore(TestClient watcher) {
        try (TestClient last = one.connect()) {
            enter(last, "killed", "last");
            assertThat(push(watcher)).isEqualTo("join " + last.clientId());
        }
    }

    @Test
    void whoComesBackFromAKilledNodeInTimeHasNeverLeft() throws Exception {
        try (ServerProcess doomed = launch();
                TestClient watcher = watcher(one, "survivor");
                TestClient member = TestClient.connect(doomed.port(), "/");
                TestClient lost = TestClient.connect(doomed.port(), "/")) {
            enter(member, "survivor", 0);
            enter(lost, "survivor", 0);
            push(watcher);
            push(watcher);
            awaitCheckpoint(member, "survivor");
            new ProcessBuilder("kill", "-9", Long.toString(doomed.pid()))
                    .start()
                    .waitFor();
            try (TestClient back = two.connect("/?session=" + member.session())) {
                assertThat(back.welcome().getBoolean("resumed")).isTrue();
                assertThat(push(watcher)).as("the other one").isEqualTo("leave " + lost.clientId());
                enter(back, "survivor", 1);
                assertThat(push(watcher)).isEqualTo("join " + member.clientId());
            }
        }
    }

    /** The store knows a live session half a second after it has changed. */
    private static void awaitCheckpoint(TestClient client, String channel) {
        Awaitility.await().until(() -> ((List<?>) redis.cli("KEYS", "broadcast:session:*"))
                .stream()
                        .map(key -> String.valueOf(redis.cli("GET", key.toString())))
                        .anyMatch(session -> session.contains(client.clientId()) && session.contains(channel)));
    }

    @Test
    void aNodeThatStopsHandsItsMembersOver() {
        try (ServerProcess stopping = launch();
                TestClient watcher = watcher(one, "stopped");
                TestClient member = TestClient.connect(stopping.port(), "/");
                TestClient gone = TestClient.connect(stopping.port(), "/")) {
            enter(member, "stopped", 0);
            enter(gone, "stopped", 0);
            push(watcher);
            push(watcher);
            stopping.terminate();
            assertThat(member.awaitClose()).isEqualTo(1012);
            assertThat(stopping.awaitExit()).isZero();
            try (TestClient back = two.connect("/?session=" + member.session())) {
                assertThat(back.welcome().getBoolean("resumed")).isTrue();
                assertThat(push(watcher)).as("who has not come back").isEqualTo("leave " + gone.clientId());
                assertThat(count(one, "stopped")).isEqualTo(1);
            }
        }
    }

    @Test
    void membersComeBackByThemselvesWhenRedisWasEmptied() {
        try (TestClient member = one.connect();
                TestClient other = two.connect();
                TestClient watcher = watcher(two, "emptied")) {
            enter(member, "emptied", "a");
            enter(other, "emptied", "b");
            push(watcher);
            push(watcher);
            redis.cli("FLUSHALL");
            assertThat(watcher.awaitType("gap").getJsonObject("data").getString("reason"))
                    .isEqualTo("epoch");
            assertThat(Set.of(push(watcher), push(watcher)))
                    .containsExactlyInAnyOrder("join " + member.clientId(), "join " + other.clientId());
            assertThat(count(one, "emptied")).isEqualTo(2);
        }
    }
}
