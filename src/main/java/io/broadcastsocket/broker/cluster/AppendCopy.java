package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Map;

/**
 * Appends to the copy what was appended to the owner's log, in the same way.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class AppendCopy extends CopyProcessor<Appended> {
    private boolean fresh;
    private Batch batch;
    private LogRule rule;
    private long now;
    private String regime;
    private String epoch;

    /** For Hazelcast. */
    AppendCopy() {}

    /**
     * @param fresh the owner had no log
     * @param owner where the owner's log stood before
     */
    AppendCopy(boolean fresh, Position owner, Batch batch, LogRule rule, long now, String regime, String epoch) {
        super(owner);
        this.fresh = fresh;
        this.batch = batch;
        this.rule = rule;
        this.now = now;
        this.regime = regime;
        this.epoch = epoch;
    }

    @Override
    public Appended process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = fresh ? begin() : entry.getValue();
        if (log == null || (!log.knows(batch) && !log.top().equals(owner()))) {
            throw differs(log);
        }
        if (!log.knows(batch)) {
            log.append(batch, rule, now, regime, epoch);
            LogProcessor.keep(entry, log, rule.keptMs());
        }
        return null;
    }

    @Override
    public int getClassId() {
        return Types.APPEND_COPY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeBoolean(fresh);
        batch.write(out);
        rule.write(out);
        out.writeLong(now);
        out.writeString(regime);
        out.writeString(epoch);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        fresh = in.readBoolean();
        batch = Batch.read(in);
        rule = LogRule.read(in);
        now = in.readLong();
        regime = in.readString();
        epoch = in.readString();
    }
}
