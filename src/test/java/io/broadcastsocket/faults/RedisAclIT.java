package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node needs no more rights than docs/redis.md says, and uses each of them. */
class RedisAclIT {
    private static final List<String> DOCUMENTED = documented();

    /** Of one server. */
    private static final String RULES = DOCUMENTED.get(0).substring("user ".length());

    /** Besides those, in a Redis Cluster from 7.0 on. */
    private static final String CLUSTER_COMMANDS = DOCUMENTED.get(1);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private TestServer node(String url) {
        JsonObject config = Service.config(url);
        config.getJsonObject("redis").put("lingerMs", 0);
        config.getJsonObject("history").put("size", 2);
        TestServer node = TestServer.start(config);
        open.add(node);
        Awaitility.await()
                .untilAsserted(() -> assertThat(Service.problems(node)).isEqualTo("[]"));
        return node;
    }

    private static void useEverything(
            List<RedisServer> servers, RedisServer redis, TestServer first, TestServer second) {
        String session;
        try (TestClient client = first.connect();
                TestClient other = second.connect()) {
            client.subscribe("news");
            other.subscribe("news");
            IntStream.range(0, 4).forEach(i -> client.broadcast("news", 1));
            other.awaitMessage("news");
            other.request(new JsonObject().put("type", "unsubscribe").put("channel", "news"));
            JsonObject member = new JsonObject("{\"type\":\"subscribe\",\"channel\":\"news\",\"info\":1}");
            assertThat(other.request(member).getString("type")).isEqualTo("ack");
            assertThat(first.get("/channels/news/presence").body()).contains("\"count\":1");
            other.request(new JsonObject().put("type", "unsubscribe").put("channel", "news"));
            redis.cli("XADD", "broadcast:{ingest}", "*", "channel", "news", "data", "2");
            redis.cli("XADD", "broadcast:{ingest}", "*", "channel", "not a name", "data", "2");
            client.await(message -> Integer.valueOf(2).equals(message.getValue("data")));
            Awaitility.await("the subscriber is counted")
                    .until(() -> first.get("/stats?scope=cluster").body().contains("\"news\""));
            session = client.session();
        }
        try (TestClient client = second.connect("/?session=" + session)) {
            assertThat(client.welcome().getBoolean("resumed")).isTrue();
            String key = "broadcast:session:" + digest(session);
            Awaitility.await("a checkpoint").until(() -> servers.stream()
                    .anyMatch(server -> ((List<?>) server.cli("KEYS", "broadcast:session:*")).contains(key)));
            try (TestClient again = first.connect("/?session=" + session)) {
                assertThat(again.welcome().getBoolean("resumed")).isTrue();
            }
        }
        assertThat(first.get("/channels/news/history").body()).contains("\"data\":2");
        assertThat(first.get("/health").body()).contains("\"problems\":[]");
    }

    /** The lines between the fences under the heading. */
    private static List<String> documented() {
        try {
            String text = Files.readString(Path.of("docs/redis.md"));
            String rights = text.substring(text.indexOf("## Rights"));
            return rights.split("```")[1].strip().lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<?> denied(RedisServer redis) {
        return (List<?>) redis.cli("ACL", "LOG");
    }

    @Test
    void theseRightsAreEnoughAndEachIsUsed() {
        RedisServer redis =
                RedisServer.builder().user(RULES).user("default off").start();
        open.add(redis);
        String url = "redis://bridge:secret@127.0.0.1:" + redis.port();
        TestServer first = node(url);
        useEverything(List.of(redis), redis, first, node(url));
        List<String> wanted = Stream.of(RULES.split(" "))
                .filter(rule -> rule.startsWith("+"))
                .map(right -> redis.binary().isAtLeast("7.0")
                        ? right.substring(1)
                        : right.substring(1).split("\\|")[0])
                .toList();
        first.close();
        open.remove(1);
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(wanted)
                .filteredOn(command -> redis.calls(command) == 0)
                .as("rights that are not used")
                .isEmpty());
        assertThat(denied(redis)).isEmpty();
    }

    @Test
    void theseRightsAreEnoughInACluster() {
        RedisCluster cluster = RedisCluster.start();
        open.add(cluster);
        boolean sharded = cluster.servers().get(0).binary().isAtLeast("7.0");
        for (RedisServer server : cluster.servers()) {
            String more = sharded ? CLUSTER_COMMANDS : CLUSTER_COMMANDS.split(" ")[0];
            server.cli(("ACL SETUSER " + RULES + " " + more).split(" "));
        }
        String url = cluster.url().replace("://", "://bridge:secret@");
        useEverything(cluster.servers(), cluster.ownerOf("broadcast:{ingest}"), node(url), node(url));
        assertThat(cluster.servers())
                .allSatisfy(server -> assertThat(denied(server)).isEmpty());
    }
}
