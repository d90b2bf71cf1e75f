package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/**
 * How a batch is appended: the same for the owner's log and its copy, so that both stay equal.
 *
 * @param now from {@link ChannelLog#timeAt}, milliseconds since 1970
 * @param regime of the members that append, see {@link Standing.Found}
 * @param epoch from {@link ChannelLog#epochUnder}
 */
record Terms(LogRule rule, long now, String regime, String epoch) {
    void write(ObjectDataOutput out) throws IOException {
        rule.write(out);
        out.writeLong(now);
        out.writeString(regime);
        out.writeString(epoch);
    }

    static Terms read(ObjectDataInput in) throws IOException {
        return new Terms(LogRule.read(in), in.readLong(), in.readString(), in.readString());
    }
}
