package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Lets go of what is too old in logs; gives the bytes that are left.
 *
 * <p>Confined to the thread of the partition once it runs. A log that keeps more than its copy, or less, does no harm.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class ExpireProcessor extends UpkeepProcessor<Long> {
    private double share;

    /** For Hazelcast. */
    ExpireProcessor() {}

    /**
     * @param now milliseconds since 1970, by the cluster's clock
     * @param share part of the usual age that publications may have
     */
    ExpireProcessor(long now, double share) {
        super(now);
        this.share = share;
    }

    @Override
    public Long process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null) {
            return 0L;
        }
        long before = log.bytes();
        log.expire(now(), share);
        if (log.bytes() < before) {
            changed();
        }
        return log.bytes();
    }

    @Override
    public int getClassId() {
        return Types.EXPIRE;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeDouble(share);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        share = in.readDouble();
    }
}
