package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Changes the members of a channel, together with what is told of it.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterProcessor extends BatchProcessor {
    private List<RosterChange> changes;

    /** For Hazelcast. */
    RosterProcessor() {}

    /**
     * @param batch whose number the changes go by; it has no publications
     * @param freshEpoch one that no channel has had, in case a new one begins
     */
    RosterProcessor(Standing standing, LogRule rule, Batch batch, List<RosterChange> changes, String freshEpoch) {
        super(standing, rule, batch, freshEpoch);
        this.changes = changes;
    }

    @Override
    CopyProcessor<Appended> check(ChannelLog log) {
        return new RosterCheck(log);
    }

    @Override
    Appended carryOut(String channel, ChannelLog log, boolean fresh, Terms terms) {
        List<RosterChange> spared =
                changes.stream().map(change -> change.sparing(nodes())).toList();
        copyWith(new RosterCopy(fresh, log, batch(), spared, terms));
        return log.change(channel, batch(), spared, terms);
    }

    @Override
    public int getClassId() {
        return Types.ROSTER;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        RosterChange.writeAll(out, changes);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        changes = RosterChange.readAll(in);
    }
}
