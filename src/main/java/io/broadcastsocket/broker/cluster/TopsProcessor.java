package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
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
final class TopsProcessor extends UpkeepProcessor<LogPage> {
    private long keptMs;

    /** For Hazelcast. */
    TopsProcessor() {}

    /**
     * @param keptMs how long a log stays after it was last used, milliseconds
     * @param now milliseconds since 1970, by the cluster's clock
     */
    TopsProcessor(long keptMs, long now) {
        super(now);
        this.keptMs = keptMs;
    }

    @Override
    public LogPage process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null || log.isPast()) {
            return null;
        }
        if (log.keepsOn(now(), keptMs)) {
            changed();
            ((ExtendedMapEntry<String, ChannelLog>) entry).setValue(log, log.keptMs(keptMs), TimeUnit.MILLISECONDS);
        }
        return LogPage.of(log.top(), log.top().offset(), List.of());
    }

    @Override
    public int getClassId() {
        return Types.TOPS;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeLong(keptMs);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        keptMs = in.readLong();
    }
}
