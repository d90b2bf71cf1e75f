package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.ServerProcess;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /stats?scope=cluster} with several nodes and a real Redis. */
class ClusterStatsIT {
    private static final String CLUSTER = "/stats?scope=cluster";
    private static final String NODES = "broadcast:{cluster}:nodes";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void everyNodeTellsTheSameOfAllNodes() {
        RedisServer redis = open(RedisServer.start());
        assertTellsOfAll(node(redis.url()), node(redis.url()));
        assertThat(redis.calls("keys") + redis.calls("scan") + redis.calls("hscan") + redis.calls("zscan"))
                .as(redis.info("commandstats").keySet().toString())
                .isZero();
    }

    @Test
    void aRedisClusterTellsTheSame() {
        RedisCluster cluster = open(RedisCluster.start());
        assertTellsOfAll(node(cluster.url()), node(cluster.url()));
    }

    private void assertTellsOfAll(TestServer one, TestServer other) {
        TestClient first = connect(one.port());
        TestClient second = connect(other.port());
        TestClient third = connect(other.port());
        List.of(first, second, third).forEach(client -> client.subscribe("news"));
        third.subscribe("sports");
        first.broadcast("news", 1);
        second.broadcast("news", 2);
        List.of(one, other)
                .forEach(node -> awaitStats(node, stats -> {
                    assertThat(stats.getString("scope")).isEqualTo("cluster");
                    assertThat(rows(stats.getJsonArray("nodes")))
                            .extracting(row -> row.getInteger("connections"))
                            .containsExactlyInAnyOrder(1, 2);
                    assertThat(stats.getJsonObject("totals").getInteger("connections"))
                            .isEqualTo(3);
                    assertThat(stats.getJsonObject("totals").getInteger("published"))
                            .isEqualTo(2);
                    assertThat(stats.getJsonObject("totals").getInteger("delivered"))
                            .isEqualTo(6);
                    assertThat(rows(stats.getJsonArray("channels")))
                            .containsExactly(channel("*", 3, 0), channel("news", 3, 2), channel("sports", 1, 0));
                    assertThat(stats.getInteger("channelCount")).isEqualTo(3);
                    assertThat(stats.containsKey("next")).isFalse();
                }));
        third.request(new JsonObject().put("type", "unsubscribe").put("channel", "sports"));
        second.abort();
        awaitStats(one, stats -> {
            assertThat(stats.getJsonObject("totals").getInteger("connections")).isEqualTo(2);
            assertThat(rows(stats.getJsonArray("channels"))).containsExactly(channel("*", 2, 0), channel("news", 2, 2));
        });
    }

    @Test
    void aNodeThatIsKilledVanishes() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = node(redis.url());
        ServerProcess other = open(ServerProcess.launch(
                        Map.of("REDIS_URL", redis.url(), "PORT", "0", "BROADCAST_API_PORT", "0", "WORKERS", "1")))
                .awaitStarted();
        connect(node.port()).subscribe("here");
        connect(other.port()).subscribe("there");
        awaitStats(node, stats -> {
            assertThat(stats.getJsonArray("nodes")).hasSize(2);
            assertThat(rows(stats.getJsonArray("channels")))
                    .containsExactly(channel("*", 2, 0), channel("here", 1, 0), channel("there", 1, 0));
        });
        long killed = System.nanoTime();
        other.close();
        awaitStats(node, stats -> {
            assertThat(stats.getJsonArray("nodes")).hasSize(1);
            assertThat(rows(stats.getJsonArray("channels"))).containsExactly(channel("*", 1, 0), channel("here", 1, 0));
        });
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(15));
        assertThat(redis.cli("HLEN", NODES)).isEqualTo(1L);
    }

    @Test
    void aNodeThatStopsVanishesAtOnce() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = node(redis.url());
        TestServer other = TestServer.start(config(redis.url()));
        awaitStats(node, stats -> assertThat(stats.getJsonArray("nodes")).hasSize(2));
        other.close();
        assertThat(redis.cli("HLEN", NODES)).isEqualTo(1L);
    }

    @Test
    void manyChannelsComeInPages() {
        RedisServer redis = open(RedisServer.start());
        JsonObject limits = new JsonObject().put("limits", new JsonObject().put("channelsPerConnection", 3000));
        TestServer one = open(TestServer.start(config(redis.url()).mergeIn(limits)));
        TestServer other = open(TestServer.start(config(redis.url()).mergeIn(limits)));
        List<String> names = IntStream.range(0, 3000)
                .mapToObj(i -> "channel-" + (10_000 + i))
                .toList();
        subscribe(connect(one.port()), names);
        subscribe(connect(other.port()), names.subList(1000, 3000));
        awaitStats(one, stats -> assertThat(stats.getInteger("channelCount")).isEqualTo(3001));

        // What the other node has is counted a moment later.
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            List<JsonObject> channels = pages(one);
            assertThat(channels).hasSize(3001);
            assertThat(channels.subList(1, 3001))
                    .extracting(channel -> channel.getString("channel"))
                    .isEqualTo(names);
            assertThat(channels.subList(1, 1001))
                    .allSatisfy(row -> assertThat(row.getInteger("subscribers")).isEqualTo(1));
            assertThat(channels.subList(1001, 3001))
                    .allSatisfy(row -> assertThat(row.getInteger("subscribers")).isEqualTo(2));
        });
        assertThat(stats(one, CLUSTER + "&limit=0").getJsonArray("channels")).isEmpty();
        assertThat(redis.calls("keys") + redis.calls("scan")).isZero();
    }

    @Test
    void whatRedisForgotIsWrittenAgain() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = node(redis.url());
        connect(node.port()).subscribe("news");
        awaitStats(node, stats -> assertThat(stats.getInteger("channelCount")).isEqualTo(2));
        redis.cli("FLUSHALL");
        awaitStats(node, stats -> {
            assertThat(stats.getJsonArray("nodes")).hasSize(1);
            assertThat(rows(stats.getJsonArray("channels"))).containsExactly(channel("*", 1, 0), channel("news", 1, 0));
        });
    }

    @Test
    void foreignRowsSayNothing() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = node(redis.url());
        redis.cli("HSET", NODES, "stranger", "hello", "other", "{\"at\":99999999999999,\"connections\":\"many\"}");
        awaitStats(node, stats -> assertThat(stats.getJsonArray("nodes")).hasSize(1));
        redis.cli("DEL", NODES);
        redis.cli("SET", NODES, "not a hash");
        Awaitility.await("/health tells")
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.get("/health").body().contains("other nodes do not see this one in " + NODES));
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(node.get(CLUSTER).statusCode()).isEqualTo(503);
    }

    @Test
    void withoutRedisTheClusterIsTheNode() {
        TestServer node = open(TestServer.start());
        TestClient client = connect(node.port());
        client.subscribe("news");
        client.subscribe("sports");
        client.broadcast("news", 1);
        JsonObject first = stats(node, CLUSTER + "&limit=2");
        assertThat(rows(first.getJsonArray("channels"))).containsExactly(channel("*", 1, 0), channel("news", 1, 1));
        assertThat(first.getInteger("channelCount")).isEqualTo(3);
        assertThat(first.getString("next")).isEqualTo("news");
        assertThat(first.getJsonArray("nodes")).hasSize(1);
        assertThat(first.getJsonObject("totals").getInteger("connections")).isEqualTo(1);
        JsonObject last = stats(node, CLUSTER + "&limit=2&after=news");
        assertThat(rows(last.getJsonArray("channels"))).containsExactly(channel("sports", 1, 0));
        assertThat(last.containsKey("next")).isFalse();
    }

    @Test
    void anUnknownScopeIsRefused() {
        TestServer node = open(TestServer.start());
        HttpResponse<String> response = node.get("/stats?scope=galaxy");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("invalid-request");
        assertThat(node.get("/stats?scope=node").statusCode()).isEqualTo(200);
    }

    @Test
    void whileRedisIsAwayNobodyCanTell() {
        RedisServer redis = open(RedisServer.start());
        TestServer node = open(TestServer.start(config(redis.url()).put("redis", new JsonObject().put("waitMs", 200))));
        awaitStats(node, stats -> assertThat(stats.getJsonArray("nodes")).hasSize(1));
        redis.kill();
        HttpResponse<String> response = node.get(CLUSTER);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("unavailable");
    }

    private static JsonObject config(String url) {
        return new JsonObject().put("redisUrl", url);
    }

    private TestServer node(String url) {
        return open(TestServer.start(config(url)));
    }

    private TestClient connect(int port) {
        return open(TestClient.connect(port, "/"));
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(resource);
        return resource;
    }

    private static void subscribe(TestClient client, List<String> channels) {
        for (String channel : channels) {
            client.send(new JsonObject().put("type", "subscribe").put("channel", channel));
        }
        client.subscribe(channels.get(0));
    }

    private static JsonObject channel(String name, int subscribers, int messages) {
        return new JsonObject()
                .put("channel", name)
                .put("subscribers", subscribers)
                .put("messages", messages);
    }

    private static List<JsonObject> rows(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private static List<JsonObject> pages(TestServer node) {
        List<JsonObject> channels = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonObject page = stats(node, CLUSTER + "&limit=1000&after=" + next);
            channels.addAll(rows(page.getJsonArray("channels")));
            next = page.getString("next");
        }
        return channels;
    }

    private static JsonObject stats(TestServer node, String path) {
        HttpResponse<String> response = node.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static void awaitStats(TestServer node, java.util.function.Consumer<JsonObject> expected) {
        Awaitility.await("the statistics of all nodes")
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> expected.accept(stats(node, CLUSTER)));
    }
}
