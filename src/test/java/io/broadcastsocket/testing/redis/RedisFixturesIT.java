package io.broadcastsocket.testing.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.broadcastsocket.testing.TestCertificate;
import java.io.UncheckedIOException;
import java.util.List;
import javax.net.SocketFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The Redis fixtures do what the tests of the adapter build on. */
class RedisFixturesIT {
    @Test
    void startsFastAndAnswersWithEveryTypeOfReply() {
        RedisBinary.find();
        long begin = System.nanoTime();
        try (RedisServer server = RedisServer.start()) {
            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(1000);
            assertThat(server.url()).isEqualTo("redis://127.0.0.1:" + server.port());
            assertThat(server.cli("SET", "a", "ä\r\n")).isEqualTo("OK");
            assertThat(server.cli("GET", "a")).isEqualTo("ä\r\n");
            assertThat(server.cli("GET", "none")).isNull();
            assertThat(server.cli("RPUSH", "list", "x", "y")).isEqualTo(2L);
            assertThat(server.cli("LRANGE", "list", "0", "-1")).isEqualTo(List.of("x", "y"));
            assertThat(server.calls("get")).isEqualTo(2);
            assertThatThrownBy(() -> server.cli("GET", "list")).hasMessageStartingWith("WRONGTYPE");
            assertThat(server.cli("DEBUG", "SLEEP", "0")).isEqualTo("OK");
        }
    }

    @Test
    void aPausedOneAnswersAgainAfterResume() {
        try (RedisServer server = RedisServer.start()) {
            server.pause();
            assertThat(server.answersWithin(200)).isFalse();
            server.resume();
            assertThat(server.answersWithin(5000)).isTrue();
        }
    }

    @Test
    void aRestartKeepsWhatIsOnDiskAndThePort() {
        try (RedisServer server = RedisServer.builder().appendOnly().start()) {
            server.cli("SET", "a", "1");
            server.kill();
            assertThat(server.isAlive()).isFalse();
            server.restart();
            assertThat(server.cli("GET", "a")).isEqualTo("1");
            server.restartEmpty();
            assertThat(server.cli("GET", "a")).isNull();
        }
    }

    @Test
    void aRestartWithoutPersistenceLosesEverything() {
        try (RedisServer server = RedisServer.start()) {
            server.cli("SET", "a", "1");
            server.restart();
            assertThat(server.cli("GET", "a")).isNull();
        }
    }

    @Test
    void aSnapshotIsWrittenOnStopAndNotOnKill() {
        try (RedisServer server = RedisServer.builder().save("3600", "1").start()) {
            server.cli("SET", "a", "1");
            server.restart();
            server.cli("SET", "b", "1");
            server.kill();
            server.restart();
            assertThat(server.cli("EXISTS", "a", "b")).isEqualTo(1L);
        }
    }

    @Test
    void passwordsUsersAndOtherKeysCount() {
        try (RedisServer server = RedisServer.builder()
                .password("se\"cret")
                .user("alice on >pw ~a:* &* +@read")
                .with("maxmemory", "10mb")
                .start()) {
            assertThat(server.url()).isEqualTo("redis://:se%22cret@127.0.0.1:" + server.port());
            assertThat(server.cli("CONFIG", "GET", "maxmemory")).isEqualTo(List.of("maxmemory", "10485760"));
            assertThat((String) call(server, "PING")).startsWith("NOAUTH");
            assertThat((String) call(server, "AUTH", server.password())).isEqualTo("OK");
            assertThat((String) call(server, "AUTH", "alice", "pw")).isEqualTo("OK");
            assertThat((String) call(server, "AUTH", "alice", "other")).startsWith("WRONGPASS");
        }
    }

    @Test
    void aReplicaFollowsAMasterWithPassword() {
        try (RedisServer master = RedisServer.builder().password("p").start();
                RedisServer replica =
                        RedisServer.builder().password("p").replicaOf(master).start()) {
            replica.awaitLink();
            master.cli("SET", "a", "1");
            Awaitility.await().until(() -> "1".equals(replica.cli("GET", "a")));
        }
    }

    @Test
    void tlsIsSpokenAndPlainTextIsNot() {
        assumeTrue(RedisBinary.find().supportsTls(), "this redis-server has no TLS");
        try (RedisServer server =
                RedisServer.builder().tls(TestCertificate.create()).start()) {
            assertThat(server.url()).startsWith("rediss://");
            assertThat(server.cli("PING")).isEqualTo("PONG");
            assertThatThrownBy(() -> call(server, "PING")).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void aWrongKeyIsShownWithTheLog() {
        assertThatThrownBy(() -> RedisServer.builder().with("no-such-key", "1").start())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no-such-key");
    }

    @Test
    void theEmbeddedOneStarts() {
        try (RedisServer server =
                RedisServer.builder().binary(RedisBinary.embedded()).start()) {
            assertThat(server.info("server"))
                    .containsEntry("redis_version", server.binary().version());
            assertThat(server.cli("DEBUG", "SLEEP", "0")).isEqualTo("OK");
        }
    }

    @Test
    void aFailoverLosesWhatTheDetachedReplicaHasNot() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            RedisServer first = sentinels.master();
            RedisServer second = sentinels.replica();
            first.cli("SET", "replicated", "1");
            assertThat(first.cli("WAIT", "1", "5000")).isEqualTo(1L);
            sentinels.detachReplica();
            assertThat(first.cli("SET", "lost", "1")).isEqualTo("OK");
            first.kill();
            sentinels.awaitFailover();
            assertThat(sentinels.master()).isSameAs(second);
            assertThat(second.cli("EXISTS", "replicated", "lost")).isEqualTo(1L);
            assertThat(second.cli("SET", "after", "1")).isEqualTo("OK");
            first.restart();
            sentinels.awaitAgreement();
            assertThat(sentinels.replica()).isSameAs(first);
            assertThat(first.cli("EXISTS", "replicated", "after")).isEqualTo(2L);
            sentinels.failOver();
            assertThat(sentinels.masterPort()).isEqualTo(first.port());
        }
    }

    @Test
    void aDetachedReplicaCatchesUpWhenItIsAttached() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            assertThat(sentinels.url()).matches("redis\\+sentinel://(127.0.0.1:\\d+,?){3}/mymaster");
            sentinels.detachReplica();
            sentinels.master().cli("SET", "a", "1");
            assertThat(sentinels.replica().cli("GET", "a")).isNull();
            sentinels.attachReplica();
            assertThat(sentinels.replica().cli("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void aSlotOfTheClusterMigrates() {
        try (RedisCluster cluster = RedisCluster.start()) {
            String key = "{tag}a";
            RedisServer from = cluster.ownerOf(key);
            RedisServer to = cluster.otherThanOwnerOf(key);
            int slot = cluster.slotOf(key);
            from.cli("SET", key, "1");
            assertThat(ask(to, "GET", key)).isEqualTo("MOVED " + slot + " 127.0.0.1:" + from.port());

            cluster.beginMigration(slot, to);
            assertThat(from.cli("GET", key)).isEqualTo("1");
            cluster.moveKeys(slot, to);
            assertThat(ask(from, "GET", key)).isEqualTo("ASK " + slot + " 127.0.0.1:" + to.port());
            cluster.endMigration(slot, to);
            assertThat(ask(from, "GET", key)).isEqualTo("MOVED " + slot + " 127.0.0.1:" + to.port());
            assertThat(to.cli("GET", key)).isEqualTo("1");

            cluster.migrate(slot, from);
            assertThat(cluster.ownerOf(key)).isSameAs(from);
            assertThat(from.cli("GET", key)).isEqualTo("1");
        }
    }

    @Test
    void aClusterNodeComesBackAfterARestart() {
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisServer owner = cluster.ownerOf("a");
            owner.kill();
            owner.restart();
            cluster.awaitComplete();
            assertThat(cluster.ownerOf("a")).isSameAs(owner);
        }
    }

    /** The error with which a server answers. */
    private static String ask(RedisServer server, String... command) {
        return catchThrowable(() -> server.cli(command)).getMessage();
    }

    /** Sends a command as a client that has not authenticated. */
    private static Object call(RedisServer server, String... command) {
        try {
            return new Resp(server.port(), SocketFactory.getDefault(), List.of()).call(2000, command);
        } catch (Resp.RedisError error) {
            return error.getMessage();
        }
    }
}
