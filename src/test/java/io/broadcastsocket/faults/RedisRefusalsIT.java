package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.broadcastsocket.testing.TestCertificate;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.broadcastsocket.testing.redis.RedisBinary;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Redis that does not want the node, or that the node cannot use: it says why, and heals when the cause is gone. */
class RedisRefusalsIT {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private TestServer node(String redisUrl) {
        return opened(TestServer.start(Service.config(redisUrl)));
    }

    private TestServer node(String redisUrl, Path caFile) {
        JsonObject config = Service.config(redisUrl);
        config.getJsonObject("redis").put("caFile", caFile.toString());
        return opened(TestServer.start(config));
    }

    private static void isNotReadyBecause(TestServer node, String... words) {
        await(() -> assertThat(Service.problems(node)).contains(words));
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
    }

    private static void heals(TestServer node) {
        await(() -> assertThat(Service.problems(node)).isEqualTo("[]"));
        try (TestClient client = node.connect()) {
            client.subscribe("news");
            client.broadcast("news", 1);
            client.awaitMessage("news");
        }
    }

    private static void await(org.awaitility.core.ThrowingRunnable reached) {
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(reached);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(late.getMessage(), late.getCause());
        }
    }

    @Test
    void aWrongPassword() {
        RedisServer redis =
                opened(RedisServer.builder().password("right-secret").start());
        TestServer node = node("redis://:wrong-secret@127.0.0.1:" + redis.port());
        isNotReadyBecause(node, "127.0.0.1:" + redis.port(), "the user or password of the URL is wrong");
        assertThat(node.get("/health").body()).doesNotContain("secret");
        redis.cli("CONFIG", "SET", "requirepass", "wrong-secret");
        heals(node);
    }

    @Test
    void noPasswordWhereOneIsWanted() {
        RedisServer redis = opened(RedisServer.builder().password("secret").start());
        TestServer node = node("redis://127.0.0.1:" + redis.port());
        isNotReadyBecause(node, "Redis wants a password");
        redis.cli("CONFIG", "SET", "requirepass", "");
        heals(node);
    }

    @Test
    void aPasswordThatIsChangedUnderLoadIsMissedOnlyWhenAConnectionEnds() {
        RedisServer redis = opened(RedisServer.builder().password("first").start());
        TestServer node = node(redis.url());
        heals(node);
        redis.cli("CONFIG", "SET", "requirepass", "second");
        redis.cli("CLIENT", "KILL", "TYPE", "normal");
        isNotReadyBecause(node, "the user or password of the URL is wrong");
        redis.cli("CONFIG", "SET", "requirepass", "first");
        heals(node);
    }

    @Test
    void aUserWithoutTheRights() {
        RedisServer redis = opened(RedisServer.builder()
                .user("bridge on >secret resetchannels ~broadcast:* &broadcast:* +@connection +info +script +evalsha")
                .start());
        TestServer node = node("redis://bridge:secret@127.0.0.1:" + redis.port());
        isNotReadyBecause(node, "the user of the URL lacks a right");
        redis.cli("ACL", "SETUSER", "bridge", "+@all");
        heals(node);
    }

    @Test
    void aHostThatDoesNotExist() {
        isNotReadyBecause(node("redis://nowhere.invalid:6379"), "nowhere.invalid");
    }

    @Test
    void aServerThatIsNoRedis() {
        TestServer other = opened(TestServer.start());
        isNotReadyBecause(node("redis://127.0.0.1:" + other.port()), "127.0.0.1:" + other.port());
    }

    @Test
    void aDatabaseThatDoesNotExist() {
        RedisServer redis = opened(RedisServer.start());
        isNotReadyBecause(node(redis.url() + "/99"), "DB index is out of range");
    }

    @Test
    void aRedisThatIsTooOld() {
        OldRedis redis = opened(new OldRedis());
        isNotReadyBecause(node(redis.url()), "is Redis 5.0.14; at least 6.2 is needed");
    }

    @Test
    void aReadOnlyReplica() {
        RedisServer master = opened(RedisServer.start());
        RedisServer replica =
                opened(RedisServer.builder().replicaOf(master).start()).awaitLink();
        TestServer node = node(replica.url());
        isNotReadyBecause(node, "127.0.0.1:" + replica.port(), "is a read-only replica");
        replica.cli("REPLICAOF", "NO", "ONE");
        heals(node);
    }

    @Test
    void aMasterThatIsMadeAReplica() {
        RedisServer master = opened(RedisServer.start());
        RedisServer other = opened(RedisServer.start());
        TestServer node = node(master.url());
        heals(node);
        master.cli("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
        isNotReadyBecause(node, "is a read-only replica");
        master.cli("REPLICAOF", "NO", "ONE");
        heals(node);
    }

    @Test
    void aFullRedis() {
        RedisServer redis = opened(RedisServer.start());
        TestServer node = node(redis.url());
        heals(node);
        redis.cli("CONFIG", "SET", "maxmemory", "1");
        isNotReadyBecause(node, "Redis is full: maxmemory is reached");
        try (TestClient client = node.connect()) {
            client.subscribe("news");
            JsonObject refused = client.broadcast("news", 1).getJsonObject("data");
            assertThat(refused.getString("code")).isEqualTo("unavailable");
            assertThat(refused.getLong("retryAfterMs")).isPositive();
        }
        redis.cli("CONFIG", "SET", "maxmemory", "0");
        heals(node);
    }

    @Test
    void aRedisThatIsFullFromTheBeginning() {
        RedisServer redis = opened(RedisServer.start());
        redis.cli("CONFIG", "SET", "maxmemory", "1");
        TestServer node = node(redis.url());
        isNotReadyBecause(node, "Redis is full: maxmemory is reached");
        redis.cli("CONFIG", "SET", "maxmemory", "0");
        heals(node);
    }

    @Test
    void aRedisThatHasTooFewReplicas() {
        RedisServer redis = opened(RedisServer.start());
        TestServer node = node(redis.url());
        heals(node);
        redis.cli("CONFIG", "SET", "min-replicas-to-write", "1");
        isNotReadyBecause(node, "Redis has too few replicas and refuses writes");
        redis.cli("CONFIG", "SET", "min-replicas-to-write", "0");
        heals(node);
    }

    @Test
    void anAuthorityThatDidNotSignTheCertificate() {
        assumeTrue(RedisBinary.find().supportsTls());
        TestCertificate right = TestCertificate.create();
        RedisServer redis = opened(RedisServer.builder().tls(right).start());
        TestServer node = node(redis.url(), TestCertificate.create().certificate());
        isNotReadyBecause(node, "127.0.0.1:" + redis.port(), "certificate");
        TestServer other = node(redis.url(), right.certificate());
        heals(other);
    }

    @Test
    void aCertificateThatTheJvmDoesNotTrust() {
        assumeTrue(RedisBinary.find().supportsTls());
        RedisServer redis =
                opened(RedisServer.builder().tls(TestCertificate.create()).start());
        isNotReadyBecause(node(redis.url()), "certificate");
    }

    @Test
    void plainTextToAServerThatSpeaksTlsOnly() {
        assumeTrue(RedisBinary.find().supportsTls());
        RedisServer redis =
                opened(RedisServer.builder().tls(TestCertificate.create()).start());
        isNotReadyBecause(node("redis://127.0.0.1:" + redis.port()), "127.0.0.1:" + redis.port());
    }

    @Test
    void tlsToAServerThatDoesNotSpeakIt() {
        RedisServer redis = opened(RedisServer.start());
        isNotReadyBecause(node("rediss://127.0.0.1:" + redis.port()), "127.0.0.1:" + redis.port());
    }
}
