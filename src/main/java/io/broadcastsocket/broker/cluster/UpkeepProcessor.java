package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;

/**
 * Looks after many logs at once. Their copies are looked after alike when there was something to do, and nothing waits for what
 * they find.
 *
 * <p>Confined to the threads of the partitions once it runs: on one member, one step may serve several of them.
 *
 * @param <R> what is found
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
abstract class UpkeepProcessor<R> implements EntryProcessor<String, ChannelLog, R>, IdentifiedDataSerializable {
    private long now;

    // Only where it runs
    private volatile boolean changed;

    UpkeepProcessor() {}

    /** @param now milliseconds since 1970, by the cluster's clock */
    UpkeepProcessor(long now) {
        this.now = now;
    }

    final long now() {
        return now;
    }

    /** There was something to do. */
    final void changed() {
        changed = true;
    }

    @Override
    public final EntryProcessor<String, ChannelLog, R> getBackupProcessor() {
        return changed ? this : null;
    }

    @Override
    public final int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(now);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        now = in.readLong();
    }
}
