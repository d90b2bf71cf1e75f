package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisCluster;
import io.broadcastsocket.testing.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels on all three masters of a Redis Cluster. */
class RedisClusterIT {
    private RedisCluster redis;
    private Service service;

    /** One channel per master, in the order of the masters. */
    private final List<String> channels = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisCluster.start();
        for (RedisServer server : redis.servers()) {
            int i = 0;
            while (redis.ownerOf(key("news" + i)) != server) {
                i++;
            }
            channels.add("news" + i);
        }
        service = Service.start(List.of(Service.config(redis.url()), Service.config(redis.url())), channels);
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        redis.close();
    }

    private static String key(String channel) {
        return "broadcast:{" + channel + "}:stream";
    }

    private Audit auditOf(List<Audit> audits, String channel) {
        return audits.stream()
                .filter(audit -> audit.channel().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void channelsAreOnAllMasters() {
        assertThat(channels).extracting(channel -> redis.ownerOf(key(channel))).doesNotHaveDuplicates();
        for (int i = 0; i < channels.size(); i++) {
            assertThat(redis.servers().get(i).cli("EXISTS", key(channels.get(i))))
                    .isEqualTo(1L);
        }
        assertThat(service.audit()).allSatisfy(audit -> assertThat(audit.gaps()).isEmpty());
    }

    @Test
    void aMasterThatCrashesAndComesBackEmptyBeginsAnEpochOfItsChannelsOnly() {
        RedisServer second = redis.servers().get(1);
        second.kill();
        service.await(
                "both nodes notice",
                () -> Service.problems(service.node(0)).contains(":" + second.port())
                        && Service.problems(service.node(1)).contains(":" + second.port()));
        second.restart();
        redis.awaitComplete();
        service.recovers("crash of one master of a cluster");
        List<Audit> audits = service.audit();
        assertThat(auditOf(audits, channels.get(1)).gaps()).containsOnly("epoch");
        assertThat(auditOf(audits, channels.get(0)).gaps()).isEmpty();
        assertThat(auditOf(audits, channels.get(2)).gaps()).isEmpty();
        service.awaitReady();
    }

    @Test
    void aSlotThatMovesUnderLoadTakesItsChannelAlong() {
        String channel = channels.get(0);
        RedisServer target = redis.servers().get(2);
        redis.migrate(redis.slotOf(key(channel)), target);
        assertThat(redis.ownerOf(key(channel))).isEqualTo(target);
        service.recovers("migration of a slot");
        List<Audit> audits = service.audit();
        assertThat(auditOf(audits, channels.get(1)).gaps()).isEmpty();
        assertThat(auditOf(audits, channels.get(2)).gaps()).isEmpty();
        service.awaitReady();
    }

    @Test
    void aMigrationThatTakesItsTimeIsWaitedFor() {
        String channel = channels.get(0);
        int slot = redis.slotOf(key(channel));
        RedisServer target = redis.servers().get(1);
        redis.beginMigration(slot, target);
        redis.moveKeys(slot, target);
        service.await("publications wait", () -> Service.stats(service.node(0)).getLong("queueMessages") > 100);
        redis.moveKeys(slot, target);
        redis.endMigration(slot, target);
        service.recovers("slow migration of a slot");
        service.audit();
        service.awaitReady();
    }

    @Test
    void theSlotByWhichAServerIsKnownCanMove() {
        for (RedisServer server : redis.servers()) {
            String generation = ((List<?>) server.cli("KEYS", "broadcast:generation:*"))
                    .get(0)
                    .toString();
            RedisServer other = redis.otherThanOwnerOf(generation);
            redis.migrate(redis.slotOf(generation), other);
        }
        service.recovers("migration of the slots with the generations");
        service.awaitReady();
        service.flowsAgain();
        List<Integer> epochs = service.witnesses().stream()
                .map(witness -> new Audit(witness).epochs())
                .toList();
        service.flowsAgain();
        service.flowsAgain();
        assertThat(service.audit())
                .as("epochs come to rest")
                .extracting(Audit::epochs)
                .isEqualTo(epochs);
    }
}
