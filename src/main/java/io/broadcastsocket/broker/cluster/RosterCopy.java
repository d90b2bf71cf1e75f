package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Changes the members in the copy of a log as they were changed in the owner's.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterCopy extends BatchCopy {
    private long version;
    private List<RosterChange> changes;

    /** For Hazelcast. */
    RosterCopy() {}

    /**
     * @param fresh the owner had no log
     * @param owner before the change
     */
    RosterCopy(boolean fresh, ChannelLog owner, Batch batch, List<RosterChange> changes, Terms terms) {
        super(fresh, owner.top(), batch, terms);
        this.version = owner.roster().version();
        this.changes = changes;
    }

    @Override
    boolean follows(ChannelLog log) {
        return super.follows(log) && log.roster().version() == version;
    }

    @Override
    void carryOut(String channel, ChannelLog log, Batch batch, Terms terms) {
        log.change(channel, batch, changes, terms);
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_COPY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeLong(version);
        RosterChange.writeAll(out, changes);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        version = in.readLong();
        changes = RosterChange.readAll(in);
    }
}
