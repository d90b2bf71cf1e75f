package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Tells where a log stands, and begins it where there is none.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class AttachProcessor extends LogProcessor<LogPage> {
    private String freshEpoch;

    /** For Hazelcast. */
    AttachProcessor() {}

    /** @param freshEpoch one that no channel has had, in case the log begins */
    AttachProcessor(Standing standing, LogRule rule, String freshEpoch) {
        super(standing, rule);
        this.freshEpoch = freshEpoch;
    }

    @Override
    LogPage step(Map.Entry<String, ChannelLog> entry, ChannelLog found, Standing.Found standing) {
        ChannelLog log = found;
        if (log == null) {
            log = begin(freshEpoch);
            keep(entry, log, rule().keptMs());
            copyWith(new BeginCopy(log.top(), rule().keptMs()));
        } else if (log.isPast()) {
            throw new PastLog();
        } else {
            copyWith(new CopyProcessor<>(log.top()));
        }
        return log.newest();
    }

    /** Where the log stands by now says nothing of what stood there first; that can be read. */
    @Override
    LogProcessor<LogPage> again(LogPage first) {
        return first.isEmpty() ? this : new ReadProcessor(standing(), rule(), first.after(), 1);
    }

    @Override
    boolean covers(LogPage first, LogPage later) {
        return later != null && first.isWithin(later);
    }

    @Override
    public int getClassId() {
        return Types.ATTACH;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeString(freshEpoch);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        freshEpoch = in.readString();
    }
}
