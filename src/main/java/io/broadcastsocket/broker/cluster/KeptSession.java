package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;

/**
 * A session in the cluster's map.
 *
 * <p>Immutable after it was read; thread-safe.
 */
final class KeptSession implements IdentifiedDataSerializable {
    private long turn;
    private String document;

    /** For Hazelcast. */
    KeptSession() {}

    KeptSession(long turn, String document) {
        this.turn = turn;
        this.document = document;
    }

    long turn() {
        return turn;
    }

    /** JSON, see {@link io.broadcastsocket.broker.SessionDocument}. */
    String document() {
        return document;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.KEPT_SESSION;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(turn);
        out.writeString(document);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        turn = in.readLong();
        document = in.readString();
    }
}
