package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Changes the members of a channel, together with what is told of it.
 *
 * <p>Confined to the thread of the partition once it runs. Changes that the log knows are not made again.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterProcessor extends LogProcessor<Appended> {
    private Batch batch;
    private List<RosterChange> changes;
    private String freshEpoch;

    /** For Hazelcast. */
    RosterProcessor() {}

    /**
     * @param batch whose number the changes go by; it has no publications
     * @param freshEpoch one that no channel has had, in case a new one begins
     */
    RosterProcessor(Standing standing, LogRule rule, Batch batch, List<RosterChange> changes, String freshEpoch) {
        super(standing, rule);
        this.batch = batch;
        this.changes = changes;
        this.freshEpoch = freshEpoch;
    }

    @Override
    Appended step(Map.Entry<String, ChannelLog> entry, ChannelLog found, Standing.Found standing) {
        if (found != null && found.knows(batch)) {
            Appended outcome = found.outcome(batch);
            copyWith(RosterCopy.check(found));
            return outcome;
        }
        ChannelLog log = found == null ? begin(freshEpoch) : found;
        long now = log.timeAt(standing.clusterTime());
        String epoch = log.epochUnder(standing.regime(), freshEpoch);
        List<RosterChange> spared =
                changes.stream().map(change -> change.sparing(nodes())).toList();
        copyWith(RosterCopy.change(found == null, log, batch, spared, rule(), now, standing.regime(), epoch));
        Appended result = log.change(entry.getKey(), batch, spared, rule(), now, standing.regime(), epoch);
        keep(entry, log, rule().keptMs());
        return result;
    }

    @Override
    boolean covers(Appended first, Appended later) {
        return first.isSame(later);
    }

    @Override
    public int getClassId() {
        return Types.ROSTER;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        batch.write(out);
        RosterChange.writeAll(out, changes);
        out.writeString(freshEpoch);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        batch = Batch.read(in);
        changes = RosterChange.readAll(in);
        freshEpoch = in.readString();
    }
}
