package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {
    /** The first is the vector of the Redis Cluster specification, the others are what Redis 7.0 answers to CLUSTER KEYSLOT. */
    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "hello, 866", "news, 5161", "'', 0"})
    void areThoseOfRedis(String tag, int slot) {
        assertThat(Slots.ofTag(tag)).isEqualTo(slot);
    }

    @Test
    void aShardIsKnownByTheFirstNumberWhoseSlotItHas() {
        int third = Slots.ofTag("3");
        Shard shard = new Shard(null, List.of(new Shard.SlotRange(third, third)));
        assertThat(shard.tag()).isEqualTo("3");
        assertThat(shard.has(third)).isTrue();
        assertThat(shard.has(third + 1)).isFalse();
        assertThat(new Shard(null, Shard.ALL_SLOTS).tag()).isEqualTo("0");
    }
}
