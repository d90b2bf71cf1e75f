package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;

/**
 * Lets go of what is too old in logs, also in their copies; gives the bytes that are left.
 *
 * <p>Confined to the thread of the partition once it runs. A log that keeps more than its copy, or less, does no harm.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class ExpireProcessor implements EntryProcessor<String, ChannelLog, Long>, IdentifiedDataSerializable {
    private long now;
    private double share;

    // Only where it runs
    private volatile boolean expired;

    /** For Hazelcast. */
    ExpireProcessor() {}

    /**
     * @param now milliseconds since 1970, by the cluster's clock
     * @param share part of the usual age that publications may have
     */
    ExpireProcessor(long now, double share) {
        this.now = now;
        this.share = share;
    }

    @Override
    public Long process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null) {
            return 0L;
        }
        long before = log.bytes();
        log.expire(now, share);
        expired |= log.bytes() < before;
        return log.bytes();
    }

    @Override
    public EntryProcessor<String, ChannelLog, Long> getBackupProcessor() {
        return expired ? this : null;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.EXPIRE;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(now);
        out.writeDouble(share);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        now = in.readLong();
        share = in.readDouble();
    }
}
