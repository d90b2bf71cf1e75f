package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Map;

/**
 * Reads a page of a log; gives null when there is no log.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class ReadProcessor extends LogProcessor<LogPage> {
    /** Bytes in one page. */
    private static final int PAGE_BYTES = 256 * 1024;

    private String epoch;
    private long offset;
    private int limit;

    /** For Hazelcast. */
    ReadProcessor() {}

    ReadProcessor(Standing standing, LogRule rule, Position after, int limit) {
        super(standing, rule);
        this.epoch = after.epoch();
        this.offset = after.offset();
        this.limit = limit;
    }

    @Override
    LogPage step(Map.Entry<String, ChannelLog> entry, ChannelLog log, Standing.Found standing) {
        if (log == null) {
            return null;
        }
        if (log.isPast()) {
            throw new PastLog();
        }
        copyWith(new CopyProcessor<>(log.top()));
        return log.read(new Position(epoch, offset), limit, PAGE_BYTES, log.timeAt(standing.clusterTime()));
    }

    @Override
    boolean covers(LogPage first, LogPage later) {
        return first == null || (later != null && first.isWithin(later));
    }

    @Override
    public int getClassId() {
        return Types.READ;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeString(epoch);
        out.writeLong(offset);
        out.writeInt(limit);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        epoch = in.readString();
        offset = in.readLong();
        limit = in.readInt();
    }
}
