package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else writes to our places in Redis: one channel suffers and says why, the others notice nothing. */
class RedisForeignDataIT {
    private RedisServer redis;
    private Service service;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        service = Service.start(List.of(Service.config(redis.url()), Service.config(redis.url())), List.of("chat"));
    }

    @AfterEach
    void stop() {
        service.close();
        redis.close();
    }

    private String health() {
        return service.node(0).get("/health").body();
    }

    private void nobodyElseNotices() {
        service.recovers("foreign data");
        assertThat(service.audit()).allSatisfy(audit -> assertThat(audit.gaps()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "log"})
    void aKeyOfAnotherTypeMakesItsChannelUnavailable(String part) {
        String key = "broadcast:{news}:" + part;
        try (TestClient client = service.node(0).connect()) {
            client.subscribe("news");
            client.broadcast("news", 1);
            client.awaitMessage("news");
            redis.cli("DEL", key);
            redis.cli("RPUSH", key, "somebody else's");
            JsonObject refused = client.broadcast("news", 2).getJsonObject("data");
            assertThat(refused.getString("code")).isEqualTo("unavailable");
            assertThat(health()).contains("channel news: a key of ours holds something else", "degraded");
            assertThat(service.node(0).get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(client.broadcast("sport", 1).getString("type")).isEqualTo("ack");
            assertThat(client.subscribe("sport").getString("type")).isEqualTo("ack");
            redis.cli("DEL", key);
            assertThat(client.broadcast("news", 3).getString("type")).isEqualTo("ack");
            assertThat(client.awaitMessage("news").getInteger("data")).isEqualTo(3);
            assertThat(health()).doesNotContain("channel news");
        }
        nobodyElseNotices();
    }

    @Test
    void aForeignKeyInTheWayOfASubscriptionTakesNoOtherAlong() {
        redis.cli("SET", "broadcast:{news}:stream", "somebody else's");
        try (TestClient client = service.node(0).connect("/", "broadcast.v1")) {
            // Asked for at once, so that the positions are asked for together.
            JsonObject positions = new JsonObject();
            List.of("a", "news", "b")
                    .forEach(channel -> positions.put(
                            channel, new JsonObject().put("epoch", "e").put("offset", 0)));
            JsonObject resumed =
                    client.request(new JsonObject().put("type", "resume").put("positions", positions));
            assertThat(resumed.getJsonObject("data")
                            .getJsonObject("subscriptions")
                            .fieldNames())
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(resumed.getJsonObject("data").getJsonObject("refused").encode())
                    .contains("news", "unavailable");
        }
        assertThat(health()).contains("channel news: a key of ours holds something else");
        nobodyElseNotices();
    }

    @Test
    void aForeignKeyInThePlaceOfAMessageIdConcernsThatMessageOnly() {
        redis.cli("RPUSH", "broadcast:{news}:id:m1", "somebody else's");
        try (TestClient client = service.node(0).connect()) {
            JsonObject broadcast = new JsonObject()
                    .put("type", "broadcast")
                    .put("channel", "news")
                    .put("data", 1);
            assertThat(client.request(broadcast.copy().put("messageId", "m1")).getString("type"))
                    .isEqualTo("error");
            assertThat(client.request(broadcast.copy().put("messageId", "m2")).getString("type"))
                    .isEqualTo("ack");
        }
        nobodyElseNotices();
    }

    @Test
    void aForeignKeyInThePlaceOfTheGenerationIsNamedAndHeals() {
        redis.cli("DEL", "broadcast:generation:{0}");
        redis.cli("SET", "broadcast:generation:{0}", "somebody else's");
        service.await(
                "it says why", () -> Service.problems(service.node(0)).contains("a key of ours holds something else"));
        redis.cli("DEL", "broadcast:generation:{0}");
        service.recovers("foreign key in the place of the generation");
        service.audit();
        service.awaitReady();
    }

    @Test
    void payloadsThatAreNotOursAreCountedAndNothingElse() {
        String epoch = service.witnesses().get(0).position().epoch();
        for (String payload : List.of(
                "",
                " ",
                "x",
                "{\"type\": \"message\"}",
                "1 2 3",
                "     ",
                epoch + " 1 1 1 0 ",
                epoch + " -1 1 1 0 ab",
                epoch + " 99999999999999999999 1 1 0 ab",
                epoch + " 1 1 9 9 ab",
                epoch + " 1 1 1",
                "\u0000\u0001\u0002")) {
            redis.cli("PUBLISH", "broadcast:{chat}:live", payload);
        }
        assertThat(Service.stats(service.node(0)).getLong("announcementsMalformed"))
                .isPositive();
        for (String payload : List.of(
                "another-epoch 1 1 1 0 a{}",
                "another-epoch 999999 1 1 0 a{}",
                epoch + " 1 1 1 0 a{}",
                epoch + " 2 1 0 0 {}")) {
            redis.cli("PUBLISH", "broadcast:{chat}:live", payload);
        }
        redis.cli("PUBLISH", "broadcast:{unknown}:live", "x");
        redis.cli("PUBLISH", "broadcast:node:unknown", "x");
        service.flowsAgain();
        nobodyElseNotices();
    }

    @Test
    void entriesOfOthersInALogAreNamed() {
        try (TestClient client = service.node(0).connect()) {
            client.broadcast("news", 1);
            redis.cli("XADD", "broadcast:{news}:log", "*", "field", "somebody else's");
            assertThat(client.broadcast("news", 2).getJsonObject("data").getString("code"))
                    .isEqualTo("unavailable");
            assertThat(health()).contains("channel news: the log holds entries that are not ours");
            assertThat(service.node(0).get("/health/ready").statusCode()).isEqualTo(200);
            redis.cli("DEL", "broadcast:{news}:log");
            assertThat(client.broadcast("news", 3).getString("type")).isEqualTo("ack");
        }
        nobodyElseNotices();
    }
}
