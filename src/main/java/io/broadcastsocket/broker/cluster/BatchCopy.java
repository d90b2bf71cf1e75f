package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Map;

/**
 * Does to the copy what was done to the owner's log, in the same way.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
abstract class BatchCopy extends CopyProcessor<Appended> {
    private boolean fresh;
    private Batch batch;
    private Terms terms;

    BatchCopy() {}

    /**
     * @param fresh the owner had no log
     * @param owner where the owner's log stood before
     */
    BatchCopy(boolean fresh, Position owner, Batch batch, Terms terms) {
        super(owner);
        this.fresh = fresh;
        this.batch = batch;
        this.terms = terms;
    }

    @Override
    public final Appended process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = fresh ? begin() : entry.getValue();
        if (log != null && log.knows(batch)) {
            return null;
        }
        if (log == null || !follows(log)) {
            throw differs(log);
        }
        carryOut(entry.getKey(), log, batch, terms);
        LogProcessor.keep(entry, log, terms.rule().keptMs());
        return null;
    }

    /** Whether the copy stands where the owner's log stood before. */
    boolean follows(ChannelLog log) {
        return log.top().equals(owner());
    }

    abstract void carryOut(String channel, ChannelLog log, Batch batch, Terms terms);

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeBoolean(fresh);
        batch.write(out);
        terms.write(out);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        fresh = in.readBoolean();
        batch = Batch.read(in);
        terms = Terms.read(in);
    }
}
