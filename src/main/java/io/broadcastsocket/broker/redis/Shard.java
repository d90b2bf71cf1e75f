package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.RedisUrl;
import java.util.List;

/**
 * A server that takes writes, and the slots whose keys it has.
 *
 * @param slots ascending, at least one; those of a server without a cluster are all of them
 */
record Shard(RedisUrl.Endpoint master, List<SlotRange> slots) {
    /** First and last slot. */
    record SlotRange(int first, int last) {}

    static final List<SlotRange> ALL_SLOTS = List.of(new SlotRange(0, Slots.COUNT - 1));

    Shard {
        slots = List.copyOf(slots);
    }

    boolean has(int slot) {
        return slots.stream().anyMatch(range -> slot >= range.first() && slot <= range.last());
    }

    /** A hash tag of a slot that this server has: the first number that is one. */
    String tag() {
        int tag = 0;
        while (!has(Slots.ofTag(Integer.toString(tag)))) {
            tag++;
        }
        return Integer.toString(tag);
    }
}
