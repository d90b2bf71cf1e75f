package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells where logs stand, of which somebody makes use: they are kept on for that.
 *
 * <p>Confined to the thread of the partition once it runs. What it tells may still be lost, so it may only be a reason to
 * read. A log that may be the past is told as if there were none.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class TopsProcessor implements EntryProcessor<String, ChannelLog, LogPage>, IdentifiedDataSerializable {
    private long keptMs;
    private long now;

    // Only where it runs
    private volatile boolean keeps;

    /** For Hazelcast. */
    TopsProcessor() {}

    /**
     * @param keptMs how long a log stays after it was last used, milliseconds
     * @param now milliseconds since 1970, by the cluster's clock
     */
    TopsProcessor(long keptMs, long now) {
        this.keptMs = keptMs;
        this.now = now;
    }

    @Override
    public LogPage process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null || log.isPast()) {
            return null;
        }
        if (log.keepsOn(now, keptMs)) {
            keeps = true;
            ((ExtendedMapEntry<String, ChannelLog>) entry).setValue(log, log.keptMs(keptMs), TimeUnit.MILLISECONDS);
        }
        return LogPage.of(log.top(), log.top().offset(), List.of());
    }

    @Override
    public EntryProcessor<String, ChannelLog, LogPage> getBackupProcessor() {
        return keeps ? this : null;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.TOPS;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(keptMs);
        out.writeLong(now);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        keptMs = in.readLong();
        now = in.readLong();
    }
}
