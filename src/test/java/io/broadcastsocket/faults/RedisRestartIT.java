package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis ends and comes back, or stays and loses data: everybody gets what is left, after a gap that says so. */
class RedisRestartIT {
    private RedisServer redis;
    private Service service;

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        redis.close();
    }

    private void flow(RedisServer.Builder server) {
        redis = server.start();
        service = Service.start(
                List.of(Service.config(redis.url()), Service.config(redis.url())), List.of("news", "chat"));
    }

    private void bothNotice() {
        service.await(
                "both nodes notice",
                () -> Service.problems(service.node(0)).contains("127.0.0.1:")
                        && Service.problems(service.node(1)).contains("127.0.0.1:"));
    }

    private void everybodyIsToldOnce() {
        assertThat(service.audit()).allSatisfy(audit -> assertThat(audit.gaps()).containsExactly("epoch"));
        service.awaitReady();
    }

    @Test
    void aCrashKeepsWhatIsOnDiskAndBeginsAnEpoch() {
        flow(RedisServer.builder().appendOnly());
        redis.kill();
        bothNotice();
        redis.restart();
        service.recovers("kill -9 and restart with data");
        everybodyIsToldOnce();
    }

    @Test
    void aCrashWithoutDiskBeginsAnEpoch() {
        flow(RedisServer.builder());
        redis.kill();
        bothNotice();
        redis.restartEmpty();
        service.recovers("kill -9 and restart empty");
        everybodyIsToldOnce();
    }

    @Test
    void aRestartWithASnapshotFromBeforeBeginsAnEpoch() {
        flow(RedisServer.builder());
        redis.cli("SAVE");
        service.flowsAgain();
        redis.kill();
        redis.restart();
        service.recovers("kill -9 and restart with an old snapshot");
        everybodyIsToldOnce();
    }

    @Test
    void aFlushUnderLoadBeginsAnEpoch() {
        flow(RedisServer.builder());
        redis.cli("FLUSHALL");
        service.recovers("FLUSHALL");
        everybodyIsToldOnce();
        assertThat(Service.stats(service.node(0)).getLong("linkLosses")).isZero();
    }

    @Test
    void everyOfManyFlushesBeginsAnEpoch() {
        flow(RedisServer.builder());
        for (int i = 0; i < 10; i++) {
            redis.cli("FLUSHALL");
            service.flowsAgain();
        }
        service.recovers("FLUSHALL, ten times");
        assertThat(service.audit())
                .allSatisfy(audit -> assertThat(audit.gaps()).hasSize(10).containsOnly("epoch"));
    }

    @Test
    void aFlushIsToldToThoseWhoWaitInSilence() {
        redis = RedisServer.start();
        service = Service.quiet(
                List.of(Service.config(redis.url()), Service.config(redis.url())), List.of("news", "chat"));
        redis.cli("FLUSHALL");
        long begin = System.nanoTime();
        service.await("everybody is told", () -> service.witnesses().stream()
                .allMatch(witness -> new Audit(witness).gaps().equals(List.of("epoch"))));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("long before the regular comparison of tops")
                .isLessThan(Duration.ofMillis(800));
    }

    @Test
    void aKeyThatIsEvictedIsToldLikeAFlush() {
        flow(RedisServer.builder());
        redis.cli("DEL", "broadcast:{news}:stream");
        redis.cli("DEL", "broadcast:{chat}:stream");
        service.recovers("eviction of a stream");
        everybodyIsToldOnce();
    }

    @Test
    void aHistoryThatIsEvictedTakesNothingFromThoseWhoListen() {
        flow(RedisServer.builder());
        redis.cli("DEL", "broadcast:{news}:log");
        redis.cli("DEL", "broadcast:{chat}:log");
        service.recovers("eviction of a log");
        assertThat(service.audit()).allSatisfy(audit -> {
            assertThat(audit.epochs()).isEqualTo(1);
            assertThat(audit.gaps()).doesNotContain("epoch");
        });
    }

    @Test
    void anEvictedGenerationIsRestored() {
        flow(RedisServer.builder());
        redis.cli("DEL", "broadcast:generation:{0}");
        service.await("it is restored", () -> redis.cli("EXISTS", "broadcast:generation:{0}")
                .equals(1L));
        service.recovers("eviction of the generation");
        assertThat(service.audit()).allSatisfy(audit -> assertThat(audit.gaps()).isEmpty());
    }

    /** As after two failovers in a row, when no node has seen the master between them. */
    @Test
    void aMasterThatComesBackWithoutItsLastWritesBeginsAnEpoch() {
        flow(RedisServer.builder());
        try (RedisServer other = RedisServer.builder().replicaOf(redis).start().awaitLink()) {
            other.cli("REPLICAOF", "NO", "ONE");
            service.flowsAgain();
            redis.cli("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
            redis.awaitLink();
            redis.cli("REPLICAOF", "NO", "ONE");
            service.recovers("a master that was a replica for a moment");
            everybodyIsToldOnce();
        }
    }
}
