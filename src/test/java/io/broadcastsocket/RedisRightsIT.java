package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A node with the rights of docs/redis.md and no others. */
class RedisRightsIT {
    @Test
    void theDocumentedRightsAreEnough() throws Exception {
        String rules = Files.readAllLines(Path.of("docs/redis.md")).stream()
                .filter(line -> line.startsWith("user bridge "))
                .findFirst()
                .orElseThrow()
                .substring("user ".length());
        try (RedisServer redis = RedisServer.builder().user(rules).start()) {
            String url = "redis://bridge:secret@127.0.0.1:" + redis.port();
            JsonObject config = new JsonObject().put("redisUrl", url);
            try (TestServer one = TestServer.start(config);
                    TestServer other = TestServer.start(config)) {
                TestClient client = one.connect();
                client.subscribe("news");
                other.postJson("/broadcast", "{\"channel\":\"news\",\"data\":1,\"messageId\":\"m\"}");
                assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(1);
                redis.cli("XADD", "broadcast:{ingest}", "*", "channel", "news", "data", "2");
                redis.cli("XADD", "broadcast:{ingest}", "*", "channel", "news");
                assertThat(client.awaitMessage("news").getValue("data")).isEqualTo(2);
                assertThat(other.get("/channels/news/history").body()).contains("\"data\":2");
                client.abort();
                TestClient again = other.connect("/?session=" + client.session());
                assertThat(again.welcome().getBoolean("resumed")).isTrue();
                Awaitility.await("both nodes and the dead letter are seen")
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> {
                            JsonObject stats = new JsonObject(
                                    one.get("/stats?scope=cluster").body());
                            assertThat(stats.getJsonArray("nodes")).hasSize(2);
                            assertThat(redis.cli("XLEN", "broadcast:{ingest}:dead"))
                                    .isEqualTo(1L);
                        });
                again.close();
            }
            assertThat((List<?>) redis.cli("ACL", "LOG")).isEmpty();
        }
    }
}
