package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Takes a session: it stays for a while, marked as taken, so that the same attempt gets it again when the first answer was lost,
 * and others know who has it. Gives what was there, null for nothing.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class TakeSession implements EntryProcessor<String, KeptSession, KeptSession>, IdentifiedDataSerializable {
    private static final long MARKED_MS = 30_000;

    private String attempt;
    private String over;

    /** For Hazelcast. */
    TakeSession() {}

    /**
     * @param attempt unique for whoever takes it, the same when it is tried again
     * @param over another attempt that may be replaced; empty for none
     */
    TakeSession(String attempt, String over) {
        this.attempt = attempt;
        this.over = over;
    }

    @Override
    public KeptSession process(Map.Entry<String, KeptSession> entry) {
        KeptSession found = entry.getValue();
        if (found != null && found.isFor(attempt, over) && !found.taker().equals(attempt)) {
            KeptSession taken = found.takenBy(attempt);
            ((ExtendedMapEntry<String, KeptSession>) entry).setValue(taken, MARKED_MS, TimeUnit.MILLISECONDS);
        }
        return found;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.TAKE_SESSION;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(attempt);
        out.writeString(over);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        attempt = in.readString();
        over = in.readString();
    }
}
