package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Does what a batch asks for. One that the log knows is not done again.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
abstract class BatchProcessor extends LogProcessor<Appended> {
    private Batch batch;
    private String freshEpoch;

    BatchProcessor() {}

    /** @param freshEpoch one that no channel has had, in case a new one begins */
    BatchProcessor(Standing standing, LogRule rule, Batch batch, String freshEpoch) {
        super(standing, rule);
        this.batch = batch;
        this.freshEpoch = freshEpoch;
    }

    @Override
    final Appended step(Map.Entry<String, ChannelLog> entry, ChannelLog found, Standing.Found standing) {
        if (found != null && found.knows(batch)) {
            Appended outcome = found.outcome(batch);
            copyWith(check(found));
            return outcome.replicated(standing.hasCopy());
        }
        ChannelLog log = found == null ? begin(freshEpoch) : found;
        Terms terms = new Terms(
                rule(),
                log.timeAt(standing.clusterTime()),
                standing.regime(),
                log.epochUnder(standing.regime(), freshEpoch));
        Appended result = carryOut(entry.getKey(), log, found == null, terms);
        keep(entry, log, rule().keptMs());
        return result.replicated(standing.hasCopy());
    }

    /** What the copy does when the owner knows the batch. */
    abstract CopyProcessor<Appended> check(ChannelLog log);

    /**
     * Changes the owner's log, and has the copy do the same.
     *
     * @param fresh there was no log
     */
    abstract Appended carryOut(String channel, ChannelLog log, boolean fresh, Terms terms);

    final Batch batch() {
        return batch;
    }

    @Override
    final boolean covers(Appended first, Appended later) {
        return first.isSame(later);
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
