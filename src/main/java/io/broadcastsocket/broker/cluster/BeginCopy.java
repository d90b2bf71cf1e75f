package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Map;

/**
 * Begins the copy of a log that has begun.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class BeginCopy extends CopyProcessor<LogPage> {
    private long keptMs;

    /** For Hazelcast. */
    BeginCopy() {}

    BeginCopy(Position owner, long keptMs) {
        super(owner);
        this.keptMs = keptMs;
    }

    @Override
    public LogPage process(Map.Entry<String, ChannelLog> entry) {
        LogProcessor.keep(entry, begin(), keptMs);
        return null;
    }

    @Override
    public int getClassId() {
        return Types.BEGIN_COPY;
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
