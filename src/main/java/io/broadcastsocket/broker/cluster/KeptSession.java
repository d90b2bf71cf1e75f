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

    /** Attempt that has taken it; empty as long as it is there to be taken. */
    private String taker = "";

    /** For Hazelcast. */
    KeptSession() {}

    KeptSession(long turn, String document) {
        this.turn = turn;
        this.document = document;
    }

    long turn() {
        return turn;
    }

    boolean isTaken() {
        return !taker.isEmpty();
    }

    /** The attempt that has taken it; empty for none. */
    String taker() {
        return taker;
    }

    /** Whether this attempt may have it, which may replace another one. */
    boolean isFor(String attempt, String over) {
        return taker.isEmpty() || taker.equals(attempt) || taker.equals(over);
    }

    /** The same, taken. */
    KeptSession takenBy(String attempt) {
        KeptSession taken = new KeptSession(turn, document);
        taken.taker = attempt;
        return taken;
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
        out.writeString(taker);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        turn = in.readLong();
        document = in.readString();
        taker = in.readString();
    }
}
