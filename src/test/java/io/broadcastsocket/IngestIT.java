package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What other programs add to the ingest stream, with real servers. */
class IngestIT {
    private static final String STREAM = "broadcast:{ingest}";
    private static final String DEAD = "broadcast:{ingest}:dead";
    private static final String LEASE = "broadcast:{ingest}:lease";
    private static final String LOG = "broadcast:{news}:log";

    /** Adds the numbers from ARGV[1] to ARGV[2] as data of the channel ARGV[3]. */
    private static final String ADD = "for i = ARGV[1], ARGV[2] do"
            + " redis.call('XADD', KEYS[1], '*', 'channel', ARGV[3], 'data', tostring(i)) end";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void entriesReachTheSubscribersOfAllNodesInTheirOrder() {
        RedisServer redis = open(RedisServer.start());
        List<TestServer> nodes = List.of(node(redis.url()), node(redis.url()), node(redis.url()));
        List<TestClient> clients =
                nodes.stream().map(node -> subscribed(node.port())).toList();
        add(redis, 1, 5000);
        clients.forEach(client -> assertReceives(client, 1, 5000));
        awaitEmpty(redis);
        assertThat(sum(nodes, "ingestAccepted")).isEqualTo(5000);
        assertThat(sum(nodes, "ingestHolder")).isEqualTo(1);
        assertThat(sum(nodes, "ingestDead")).isZero();
    }

    @Test
    void anIdIsBroadcastOnce() {
        RedisServer redis = open(RedisServer.start());
        TestClient client = subscribed(node(redis.url()).port());
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "1", "id", "order-1");
        redis.cli("XADD", STREAM, "*", "id", "order-1", "channel", "news", "data", "2", "unknown", "x");
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "3");
        JsonObject first = client.awaitMessage("news");
        assertThat(first.getValue("data")).isEqualTo(1);
        assertThat(first.getString("messageId")).isEqualTo("order-1");
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(3);
        awaitEmpty(redis);
        assertThat(redis.cli("EXISTS", DEAD)).isEqualTo(0L);
    }

    @Test
    void whatCannotBeBroadcastIsADeadLetter() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = node(redis.url());
        TestClient client = subscribed(node.port());
        redis.cli("XADD", STREAM, "*", "data", "1");
        redis.cli("XADD", STREAM, "*", "channel", "news", "text", "1");
        redis.cli("XADD", STREAM, "*", "channel", "not a name", "data", "1");
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "{\"a\":");
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "1", "id", "x".repeat(129));
        String large = (String) redis.cli(
                "XADD", STREAM, "*", "channel", "news", "data", "\"" + "x".repeat(3_000_000) + "\"", "more", "kept");
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "\"good\"");
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo("good");
        awaitEmpty(redis);
        List<Map<String, String>> letters = entries(redis, DEAD);
        assertThat(letters)
                .extracting(letter -> letter.get("reason").replaceAll(":.*", ""))
                .containsExactlyInAnyOrder(
                        "invalid-request",
                        "invalid-request",
                        "invalid-channel",
                        "invalid-json",
                        "invalid-request",
                        "message-too-large");
        assertThat(letters)
                .filteredOn(letter -> letter.get("entry").equals(large))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter).containsEntry("channel", "news").containsEntry("more", "kept");
                    assertThat(letter.get("data")).hasSize(4096).startsWith("\"xxx");
                });
        assertThat(broker(node).getLong("ingestDead")).isEqualTo(6);
    }

    @Test
    void anotherNodeGoesOnWhenTheHolderIsKilled() {
        RedisServer redis = open(RedisServer.start());
        ServerProcess holder = open(ServerProcess.launch(
                        Map.of("REDIS_URL", redis.url(), "PORT", "0", "BROADCAST_API_PORT", "0", "WORKERS", "1")))
                .awaitStarted();
        await("the process holds the lease", () -> redis.cli("GET", LEASE) != null);
        TestServer node = node(redis.url());
        TestClient client = subscribed(node.port());
        add(redis, 1, 20_000);
        await("it is in the middle", () -> top(redis) > 1000);
        holder.close();
        assertThat(top(redis)).as("killed in the middle").isLessThan(20_000);
        assertReceives(client, 1, 20_000);
        awaitEmpty(redis);
        assertThat(top(redis)).as("nothing twice").isEqualTo(20_000);
        assertThat(broker(node).getLong("ingestAccepted")).isPositive();
    }

    @Test
    void aHolderThatStopsLeavesTheRestToTheOthers() {
        RedisServer redis = open(RedisServer.start());
        TestServer first = TestServer.start(config(redis.url()));
        await("it holds the lease", () -> redis.cli("GET", LEASE) != null);
        TestClient client = subscribed(node(redis.url()).port());
        add(redis, 1, 5000);
        first.close();
        assertReceives(client, 1, 5000);
        awaitEmpty(redis);
        assertThat(top(redis)).isEqualTo(5000);
    }

    @Test
    void whatAnotherConsumerLeftComesFirst() {
        RedisServer redis = open(RedisServer.start());
        redis.cli("XGROUP", "CREATE", STREAM, "nodes", "0", "MKSTREAM");
        add(redis, 1, 10);
        redis.cli("XREADGROUP", "GROUP", "nodes", "somebody", "COUNT", "5", "STREAMS", STREAM, ">");
        node(redis.url());
        awaitEmpty(redis);
        assertThat(entries(redis, LOG))
                .extracting(entry -> entry.get("data"))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @Test
    void aRestartOfRedisLosesNothing() {
        RedisServer redis = open(RedisServer.builder().appendOnly().start());
        List<TestServer> nodes = List.of(node(redis.url()), node(redis.url()));
        TestClient client = subscribed(nodes.get(0).port());
        add(redis, 1, 10_000);
        await("it is in the middle", () -> top(redis) > 500);
        redis.kill();
        redis.restart();
        awaitEmpty(redis);
        assertThat(top(redis)).as("each once").isEqualTo(10_000);
        // A killed server begins another epoch, so that a subscriber may be told of a gap instead of all of them.
        JsonObject last = client.await(message -> Integer.valueOf(10_000).equals(message.getValue("data")));
        assertThat(last.getLong("offset")).isEqualTo(10_000);
        assertThat(entries(redis, LOG))
                .extracting(entry -> Integer.parseInt(entry.get("data")))
                .isSorted();
    }

    @Test
    void theGroupIsMadeAgainAfterFlushall() {
        RedisServer redis = open(RedisServer.start());
        TestClient client = subscribed(node(redis.url()).port());
        add(redis, 1, 1);
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(1);
        redis.cli("FLUSHALL");
        add(redis, 2, 3);
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(2);
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(3);
    }

    @Test
    void aForeignKeyInPlaceOfTheStreamIsTold() {
        RedisServer redis = open(RedisServer.start());
        redis.cli("SET", STREAM, "not a stream");
        TestServer node = node(redis.url());
        TestClient client = subscribed(node.port());
        await("/health tells", () -> node.get("/health").body().contains("a key of ours holds something else"));
        assertThat(broker(node).getString("degradation")).startsWith("the entries of " + STREAM + " are not broadcast");
        await("the rest works", () -> node.get("/health/ready").statusCode() == 200);
        client.broadcast("news", "by websocket");
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo("by websocket");
        redis.cli("DEL", STREAM);
        add(redis, 1, 1);
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(1);
        await("it is forgotten", () -> !broker(node).containsKey("degradation"));
    }

    @Test
    void aForeignKeyInPlaceOfAChannelHoldsUpOnlyThat() {
        RedisServer redis = open(RedisServer.start());
        redis.cli("SET", "broadcast:{taken}:stream", "not a hash");
        TestClient client = subscribed(node(redis.url()).port());
        redis.cli("XADD", STREAM, "*", "channel", "taken", "data", "1");
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "2");
        assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(2);
        awaitEmpty(redis);
        assertThat(entries(redis, DEAD)).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("unavailable: a key of ours holds something else"));
    }

    @Test
    void withoutIngestTheStreamStaysAsItIs() {
        RedisServer redis = open(RedisServer.start());
        TestServer node =
                open(TestServer.start(config(redis.url()).put("redis", new JsonObject().put("ingest", false))));
        add(redis, 1, 1);
        await("the node is ready", () -> node.get("/health/ready").statusCode() == 200);
        assertThat(broker(node).containsKey("ingestHolder")).isFalse();
        assertThat(redis.cli("XLEN", STREAM)).isEqualTo(1L);
        assertThat(redis.cli("EXISTS", LEASE)).isEqualTo(0L);
    }

    @Test
    void theHistoryOfAChannelIsReadWithRedisCli() {
        RedisServer redis = open(RedisServer.start());
        TestClient client = subscribed(node(redis.url()).port());
        redis.cli("XADD", STREAM, "*", "channel", "news", "data", "{\"a\":1}", "id", "my-id");
        client.awaitMessage("news");
        assertThat((List<?>) redis.cli("XRANGE", LOG, "-", "+")).singleElement().satisfies(entry -> {
            assertThat(((List<?>) entry).get(0)).isEqualTo("1-0");
            assertThat(fields(entry))
                    .containsEntry("id", "my-id")
                    .containsEntry("data", "{\"a\":1}")
                    .containsEntry("except", "")
                    .containsKey("time");
        });
    }

    @Test
    void entriesGoToTheirChannelsInACluster() {
        RedisCluster cluster = open(RedisCluster.start());
        List<TestServer> nodes = List.of(node(cluster.url()), node(cluster.url()));
        TestClient client = nodes.get(1).connect();
        List<String> channels =
                IntStream.range(0, 10).mapToObj(i -> "channel-" + i).toList();
        channels.forEach(client::subscribe);
        RedisServer owner = cluster.ownerOf(STREAM);
        for (String channel : channels) {
            owner.cli("EVAL", ADD, "1", STREAM, "1", "100", channel);
        }
        Map<String, Integer> last = new java.util.HashMap<>();
        for (int i = 0; i < 1000; i++) {
            JsonObject message = client.awaitType("message");
            int before = last.getOrDefault(message.getString("channel"), 0);
            assertThat(message.getInteger("data")).isEqualTo(before + 1);
            last.put(message.getString("channel"), before + 1);
        }
        awaitEmpty(owner);

        RedisServer other = cluster.otherThanOwnerOf(STREAM);
        cluster.migrate(cluster.slotOf(STREAM), other);
        other.cli("XADD", STREAM, "*", "channel", "channel-0", "data", "\"moved\"");
        assertThat(client.awaitMessage("channel-0").getValue("data")).isEqualTo("moved");
    }

    private static JsonObject config(String url) {
        return new JsonObject().put("redisUrl", url);
    }

    private TestServer node(String url) {
        return open(TestServer.start(config(url)));
    }

    private TestClient subscribed(int port) {
        TestClient client = open(TestClient.connect(port, "/"));
        client.subscribe("news");
        return client;
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(resource);
        return resource;
    }

    private static void add(RedisServer redis, int from, int to) {
        redis.cli("EVAL", ADD, "1", STREAM, Integer.toString(from), Integer.toString(to), "news");
    }

    private static void assertReceives(TestClient client, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(i);
        }
    }

    /** Offset of the newest publication of the channel. */
    private static long top(RedisServer redis) {
        Object top = redis.cli("HGET", "broadcast:{news}:stream", "top");
        return top == null ? 0 : Long.parseLong((String) top);
    }

    private static void awaitEmpty(RedisServer redis) {
        Awaitility.await("the stream is empty")
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(redis.cli("XLEN", STREAM)).as(STREAM).isEqualTo(0L));
        assertThat(((List<?>) redis.cli("XPENDING", STREAM, "nodes")).get(0)).isEqualTo(0L);
    }

    private static List<Map<String, String>> entries(RedisServer redis, String stream) {
        return ((List<?>) redis.cli("XRANGE", stream, "-", "+"))
                .stream().map(IngestIT::fields).toList();
    }

    private static Map<String, String> fields(Object entry) {
        List<?> fields = (List<?>) ((List<?>) entry).get(1);
        Map<String, String> byName = new java.util.LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i += 2) {
            byName.put((String) fields.get(i), (String) fields.get(i + 1));
        }
        return byName;
    }

    private static JsonObject broker(TestServer node) {
        return new JsonObject(node.get("/stats").body()).getJsonObject("broker");
    }

    private static long sum(List<TestServer> nodes, String counter) {
        return nodes.stream().mapToLong(node -> broker(node).getLong(counter)).sum();
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }
}
