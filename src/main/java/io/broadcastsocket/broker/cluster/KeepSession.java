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
 * Keeps a session, unless a later turn of it is there: a node that was frozen or cut off comes late with what it knows. Later attempts
 * to take it go on.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class KeepSession implements EntryProcessor<String, KeptSession, Void>, IdentifiedDataSerializable {
    private KeptSession session;
    private long ttlMs;

    /** For Hazelcast. */
    KeepSession() {}

    KeepSession(KeptSession session, long ttlMs) {
        this.session = session;
        this.ttlMs = ttlMs;
    }

    @Override
    public Void process(Map.Entry<String, KeptSession> entry) {
        KeptSession found = entry.getValue();
        boolean isLate = found != null && found.turn() > session.turn();
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
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        session = new KeptSession();
        session.readData(in);
        ttlMs = in.readLong();
    }
}
