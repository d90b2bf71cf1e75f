package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Arrays;

/**
 * What became of a batch.
 *
 * <p>Immutable after it was read; thread-safe.
 */
final class Appended implements IdentifiedDataSerializable {
    private String epoch;
    private long time;

    /** Of each publication in the batch; negative when it is that of an earlier one with the same id. */
    private long[] offsets;

    /** What each change of members was; empty for publications. */
    private int[] notes = {};

    private boolean replicated;

    /** For Hazelcast. */
    Appended() {}

    Appended(String epoch, long time, long[] offsets) {
        this.epoch = epoch;
        this.time = time;
        this.offsets = offsets.clone();
    }

    /** The same, with the word whether another member keeps it too. */
    Appended replicated(boolean isKeptTwice) {
        Appended copy = new Appended(epoch, time, offsets);
        copy.notes = notes;
        copy.replicated = isKeptTwice;
        return copy;
    }

    /** The same, with the word what each change of members was. */
    Appended noted(int[] changes) {
        Appended copy = new Appended(epoch, time, offsets);
        copy.notes = changes.clone();
        return copy;
    }

    /** What the change of members with this index was. */
    int note(int index) {
        return notes[index];
    }

    /** Whether both say the same of the same batch. */
    boolean isSame(Appended other) {
        return epoch.equals(other.epoch) && Arrays.equals(offsets, other.offsets);
    }

    /** How many publications there are. */
    int size() {
        return offsets.length;
    }

    boolean isReplicated() {
        return replicated;
    }

    /** When it was appended, milliseconds since 1970. */
    long time() {
        return time;
    }

    /** Where the publication with this index in the batch stands. */
    Position position(int index) {
        return new Position(epoch, Math.abs(offsets[index]));
    }

    /** Whether an earlier one with the same id stands there. */
    boolean isDuplicate(int index) {
        return offsets[index] < 0;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.APPENDED;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(epoch);
        out.writeLong(time);
        out.writeLongArray(offsets);
        out.writeIntArray(notes);
        out.writeBoolean(replicated);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        epoch = in.readString();
        time = in.readLong();
        offsets = in.readLongArray();
        notes = in.readIntArray();
        replicated = in.readBoolean();
    }
}
