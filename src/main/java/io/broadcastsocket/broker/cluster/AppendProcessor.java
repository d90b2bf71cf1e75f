package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Appends a batch of publications.
 *
 * <p>Confined to the thread of the partition once it runs. A batch that the log knows is not appended again.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class AppendProcessor extends LogProcessor<Appended> {
    private Batch batch;
    private String freshEpoch;

    /** For Hazelcast. */
    AppendProcessor() {}

    /** @param freshEpoch one that no channel has had, in case a new one begins */
    AppendProcessor(Standing standing, LogRule rule, Batch batch, String freshEpoch) {
        super(standing, rule);
        this.batch = batch;
        this.freshEpoch = freshEpoch;
    }

    @Override
    Appended step(Map.Entry<String, ChannelLog> entry, ChannelLog found, Standing.Found standing) {
        if (found != null && found.knows(batch)) {
            copyWith(new CopyProcessor<>(found.top()));
            return found.outcome(batch).replicated(standing.hasCopy());
        }
        ChannelLog log = found == null ? begin(freshEpoch) : found;
        long now = log.timeAt(standing.clusterTime());
        String epoch = log.epochUnder(standing.regime(), freshEpoch);
        copyWith(new AppendCopy(found == null, log.top(), batch, rule(), now, standing.regime(), epoch));
        Appended result = log.append(batch, rule(), now, standing.regime(), epoch);
        keep(entry, log, rule().keptMs());
        return result.replicated(standing.hasCopy());
    }

    @Override
    boolean covers(Appended first, Appended later) {
        return first.isSame(later);
    }

    @Override
    public int getClassId() {
        return Types.APPEND;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        batch.write(out);
        out.writeString(freshEpoch);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        batch = Batch.read(in);
        freshEpoch = in.readString();
    }
}
