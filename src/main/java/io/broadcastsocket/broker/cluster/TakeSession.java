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
 * Puts an attempt at the end of the queue for a session; does nothing when it stands there already, since its first answer was lost.
 * Gives what is there then, null for nothing.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class TakeSession implements EntryProcessor<String, KeptSession, KeptSession>, IdentifiedDataSerializable {
    private String attempt;
    private long ttlMs;

    /** For Hazelcast. */
    TakeSession() {}

    /**
     * @param attempt unique for whoever takes it, the same when it is tried again
     * @param ttlMs how long the session then waits to be kept anew, milliseconds
     */
    TakeSession(String attempt, long ttlMs) {
        this.attempt = attempt;
        this.ttlMs = ttlMs;
    }

    @Override
    public KeptSession process(Map.Entry<String, KeptSession> entry) {
        KeptSession found = entry.getValue();
        KeptSession queued = found == null ? null : found.queue(attempt);
        if (queued != found) {
            ((ExtendedMapEntry<String, KeptSession>) entry).setValue(queued, ttlMs, TimeUnit.MILLISECONDS);
        }
        return queued;
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
        out.writeLong(ttlMs);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        attempt = in.readString();
        ttlMs = in.readLong();
    }
}
