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
 * Takes a session: it stays for a moment, marked as taken, so that the same attempt gets it again when the first answer was lost,
 * and nobody else does. Gives null when there is none to be had.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class TakeSession implements EntryProcessor<String, KeptSession, KeptSession>, IdentifiedDataSerializable {
    private static final long MARKED_MS = 30_000;

    private String attempt;

    /** For Hazelcast. */
    TakeSession() {}

    /** @param attempt unique for whoever takes it, the same when it is tried again */
    TakeSession(String attempt) {
        this.attempt = attempt;
    }

    @Override
    public KeptSession process(Map.Entry<String, KeptSession> entry) {
        KeptSession found = entry.getValue();
        if (found == null || (found.isTaken() && !found.isTakenBy(attempt))) {
            return null;
        }
        if (!found.isTaken()) {
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
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        attempt = in.readString();
    }
}
