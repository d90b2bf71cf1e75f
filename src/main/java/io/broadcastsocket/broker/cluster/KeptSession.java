package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A session in the cluster's map, and the attempts to take it of which no connection has kept anything yet.
 *
 * <p>Immutable after it was read; thread-safe.
 */
final class KeptSession implements IdentifiedDataSerializable {
    /** Beyond this the oldest attempts are forgotten: nobody has so many connections under way. */
    private static final int MOST_ATTEMPTS = 32;

    private long turn;
    private String document;

    /** In their order; the last one has the turn {@link #lastTurn}, the others one less each. */
    private List<String> attempts = List.of();

    private long lastTurn;

    /** For Hazelcast. */
    KeptSession() {}

    /** What a connection with this turn has kept. */
    KeptSession(long turn, String document) {
        this(turn, document, List.of(), turn);
    }

    private KeptSession(long turn, String document, List<String> attempts, long lastTurn) {
        this.turn = turn;
        this.document = document;
        this.attempts = attempts;
        this.lastTurn = lastTurn;
    }

    long turn() {
        return turn;
    }

    /** JSON, see {@link io.broadcastsocket.broker.SessionDocument}. */
    String document() {
        return document;
    }

    /** The same with this attempt at the end of the queue, or itself when it stands there already. */
    KeptSession queue(String attempt) {
        if (attempts.contains(attempt)) {
            return this;
        }
        List<String> longer = new ArrayList<>(attempts);
        longer.add(attempt);
        return new KeptSession(
                turn,
                document,
                List.copyOf(longer.subList(Math.max(0, longer.size() - MOST_ATTEMPTS), longer.size())),
                lastTurn + 1);
    }

    /** Whether somebody wants it after the connection that has kept it. */
    boolean isWanted() {
        return !attempts.isEmpty();
    }

    /** This, as what was kept last; the attempts after its turn go on. */
    KeptSession following(KeptSession found) {
        int later = (int) Math.max(0, Math.min(found.lastTurn - turn, found.attempts.size()));
        return later == 0
                ? this
                : new KeptSession(
                        turn,
                        document,
                        List.copyOf(found.attempts.subList(found.attempts.size() - later, found.attempts.size())),
                        found.lastTurn);
    }

    /** The attempts before this one, in their order. */
    List<String> before(String attempt) {
        return attempts.subList(0, Math.max(0, attempts.indexOf(attempt)));
    }

    /** Of an attempt that stands in the queue. */
    long turnOf(String attempt) {
        return lastTurn - attempts.size() + 1 + attempts.indexOf(attempt);
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
        out.writeLong(lastTurn);
        out.writeStringArray(attempts.toArray(String[]::new));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        turn = in.readLong();
        document = in.readString();
        lastTurn = in.readLong();
        attempts = List.of(in.readStringArray());
    }
}
