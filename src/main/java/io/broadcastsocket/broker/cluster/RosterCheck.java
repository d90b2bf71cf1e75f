package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Checks that the copy of a log has the owner's members; not all changes of them add to the log.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterCheck extends CopyProcessor<Appended> {
    private long version;

    /** For Hazelcast. */
    RosterCheck() {}

    RosterCheck(ChannelLog owner) {
        super(owner.top());
        this.version = owner.roster().version();
    }

    @Override
    public Appended process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null || !log.top().equals(owner()) || log.roster().version() != version) {
            throw differs(log);
        }
        return null;
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_CHECK;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeLong(version);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        version = in.readLong();
    }
}
