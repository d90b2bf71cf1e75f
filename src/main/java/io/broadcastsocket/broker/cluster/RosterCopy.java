package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Changes the members in the copy of a log as they were changed in the owner's, or checks that both have the same.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterCopy extends CopyProcessor<Appended> {
    private static final Batch NOTHING = new Batch("", 0, List.of());
    private static final LogRule NO_RULE = new LogRule(0, 0, 0, 0, 0, 0);

    private boolean fresh;
    private long version;
    private Batch batch;
    private List<RosterChange> changes;
    private LogRule rule;
    private long now;
    private String regime;
    private String epoch;

    /** For Hazelcast. */
    RosterCopy() {}

    private RosterCopy(
            boolean fresh,
            Position owner,
            long version,
            Batch batch,
            List<RosterChange> changes,
            LogRule rule,
            long now,
            String regime,
            String epoch) {
        super(owner);
        this.fresh = fresh;
        this.version = version;
        this.batch = batch;
        this.changes = changes;
        this.rule = rule;
        this.now = now;
        this.regime = regime;
        this.epoch = epoch;
    }

    /** Checks only. */
    static RosterCopy check(ChannelLog owner) {
        return new RosterCopy(false, owner.top(), owner.roster().version(), NOTHING, List.of(), NO_RULE, 0, "", "");
    }

    /**
     * @param fresh the owner had no log
     * @param owner before the change
     */
    static RosterCopy change(
            boolean fresh,
            ChannelLog owner,
            Batch batch,
            List<RosterChange> changes,
            LogRule rule,
            long now,
            String regime,
            String epoch) {
        return new RosterCopy(fresh, owner.top(), owner.roster().version(), batch, changes, rule, now, regime, epoch);
    }

    @Override
    public Appended process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = fresh ? begin() : entry.getValue();
        boolean isDone = log != null && !changes.isEmpty() && log.knows(batch);
        if (!isDone
                && (log == null || !log.top().equals(owner()) || log.roster().version() != version)) {
            throw differs(log);
        }
        if (!isDone && !changes.isEmpty()) {
            log.change(entry.getKey(), batch, changes, rule, now, regime, epoch);
            LogProcessor.keep(entry, log, rule.keptMs());
        }
        return null;
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_COPY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeBoolean(fresh);
        out.writeLong(version);
        batch.write(out);
        RosterChange.writeAll(out, changes);
        rule.write(out);
        out.writeLong(now);
        out.writeString(regime);
        out.writeString(epoch);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        fresh = in.readBoolean();
        version = in.readLong();
        batch = Batch.read(in);
        changes = RosterChange.readAll(in);
        rule = LogRule.read(in);
        now = in.readLong();
        regime = in.readString();
        epoch = in.readString();
    }
}
