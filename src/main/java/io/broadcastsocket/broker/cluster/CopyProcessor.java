package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.Map;

/**
 * The step of the member with the copy: checks that its log stands where the owner's stood.
 *
 * <p>Confined to the thread of the partition.
 *
 * @param <R> what the owner's step gives; this one gives nothing
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
class CopyProcessor<R>
        implements EntryProcessor<String, ChannelLog, R>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private String epoch;
    private long offset;

    // Only where it runs
    private HazelcastInstance member;

    /** For Hazelcast. */
    CopyProcessor() {}

    /** @param owner where the owner's log stands */
    CopyProcessor(Position owner) {
        this.epoch = owner.epoch();
        this.offset = owner.offset();
    }

    @Override
    public R process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        Position owner = owner();
        if (log == null || !log.top().sameEpoch(owner) || log.top().offset() < offset) {
            throw differs(log);
        }
        return null;
    }

    @Override
    public final void setHazelcastInstance(HazelcastInstance runsOn) {
        member = runsOn;
    }

    /** A copy that begins on this member. */
    final ChannelLog begin() {
        ChannelLog log = new ChannelLog(epoch);
        if (member != null) {
            log.setHazelcastInstance(member);
        }
        return log;
    }

    final Position owner() {
        return new Position(epoch, offset);
    }

    /** Not confirmed: the owner has what this member has not got. Hazelcast copies the whole partition soon. */
    final NotServing differs(ChannelLog log) {
        return new NotServing(
                "the copy stands at " + (log == null ? "nothing" : log.top()) + ", its owner at " + owner());
    }

    @Override
    public final int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.COPY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(epoch);
        out.writeLong(offset);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        epoch = in.readString();
        offset = in.readLong();
    }
}
