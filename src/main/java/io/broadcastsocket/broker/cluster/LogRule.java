package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.ChannelRule;
import java.io.IOException;

/**
 * What a channel's log keeps; sent along with what is asked of it, so that no member needs to know it.
 *
 * @param size most publications
 * @param bytes most bytes of them
 * @param ttlMs their greatest age, milliseconds
 * @param deduplicationMs how long a publisher's message id is remembered, milliseconds
 * @param deduplicationEntries most ids remembered
 * @param positionMs how long epoch and top of an unused channel outlive its history, milliseconds
 */
record LogRule(int size, long bytes, long ttlMs, long deduplicationMs, int deduplicationEntries, long positionMs) {
    static LogRule of(ChannelRule.History history, ClusterSettings settings) {
        return new LogRule(
                history.size(),
                history.bytes(),
                history.ttlMs(),
                settings.deduplicationMs(),
                settings.deduplicationEntries(),
                settings.positionMs());
    }

    /** How long the log stays after it was last used, milliseconds: at least as long as anything in it. */
    long keptMs() {
        return 1000 + Math.max(positionMs, Math.max(ttlMs, deduplicationMs));
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeInt(size);
        out.writeLong(bytes);
        out.writeLong(ttlMs);
        out.writeLong(deduplicationMs);
        out.writeInt(deduplicationEntries);
        out.writeLong(positionMs);
    }

    static LogRule read(ObjectDataInput in) throws IOException {
        return new LogRule(in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readLong());
    }
}
