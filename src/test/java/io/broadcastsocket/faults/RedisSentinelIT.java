package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisSentinels;
import io.broadcastsocket.testing.redis.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another server becomes the master, with everything or without the last writes. */
class RedisSentinelIT {
    private RedisSentinels redis;
    private Service service;

    @BeforeEach
    void start() {
        redis = RedisSentinels.start();
        service = Service.start(
                List.of(Service.config(redis.url()), Service.config(redis.url())), List.of("news", "chat"));
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        redis.close();
    }

    private void everybodyIsTold() {
        assertThat(service.audit())
                .allSatisfy(audit -> assertThat(audit.gaps()).isNotEmpty().containsOnly("epoch"));
        service.awaitReady();
    }

    @Test
    void aFailoverThatLosesAcknowledgedWritesBeginsAnEpoch() {
        redis.detachReplica();
        service.flowsAgain();
        redis.master().kill();
        redis.awaitFailover();
        service.recovers("Sentinel failover with lost writes");
        everybodyIsTold();
    }

    @Test
    void aPlannedFailoverBeginsAnEpoch() {
        redis.failOver();
        // The old master takes writes, which are lost, until the sentinels have told it.
        service.await(
                "both nodes follow",
                () -> Service.stats(service.node(0)).getLong("linkLosses") > 0
                        && Service.stats(service.node(1)).getLong("linkLosses") > 0);
        service.recovers("planned Sentinel failover");
        everybodyIsTold();
    }

    @Test
    void aMasterThatComesBackAsAReplicaIsNotWrittenTo() {
        RedisServer first = redis.master();
        redis.detachReplica();
        service.flowsAgain();
        first.pause();
        redis.awaitFailover();
        service.recovers("Sentinel failover from a master that is stopped");
        first.resume();
        service.flowsAgain();
        first.awaitLink();
        service.recovers("return of the old master");
        everybodyIsTold();
    }
}
