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
 * Keeps a session, unless a later turn of it is there: a node that was frozen or cut off comes late with what it knows. A checkpoint
 * also comes too late when the session was taken; what its connection leaves at the end does not.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class KeepSession implements EntryProcessor<String, KeptSession, Void>, IdentifiedDataSerializable {
    private KeptSession session;
    private long ttlMs;
    private boolean isCheckpoint;

    /** For Hazelcast. */
    KeepSession() {}

    KeepSession(KeptSession session, long ttlMs, boolean isCheckpoint) {
        this.session = session;
        this.isCheckpoint = isCheckpoint;
        this.ttlMs = ttlMs;
    }

    @Override
    public Void process(Map.Entry<String, KeptSession> entry) {
        KeptSession found = entry.getValue();
        boolean isLate =
                found != null && (found.turn() > session.turn() || (isCheckpoint && found.isTakenFrom(session.turn())));
        if (!isLate) {
            KeptSession kept = found == null ? session : session.following(found);
            ((ExtendedMapEntry<String, KeptSession>) entry).setValue(kept, ttlMs, TimeUnit.MILLISECONDS);
        }
        return null;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.KEEP_SESSION;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        session.writeData(out);
        out.writeLong(ttlMs);
        out.writeBoolean(isCheckpoint);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        session = new KeptSession();
        session.readData(in);
        ttlMs = in.readLong();
        isCheckpoint = in.readBoolean();
    }
}
