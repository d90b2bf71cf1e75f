package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.ExtendedMapEntry;
import java.util.concurrent.TimeUnit;

/** An entry of the map of logs on one member. */
final class FakeEntry implements ExtendedMapEntry<String, ChannelLog> {
    private ChannelLog log;

    @Override
    public String getKey() {
        return "channel";
    }

    @Override
    public ChannelLog getValue() {
        return log;
    }

    @Override
    public ChannelLog setValue(ChannelLog value) {
        ChannelLog before = log;
        log = value;
        return before;
    }

    @Override
    public ChannelLog setValue(ChannelLog value, long ttl, TimeUnit unit) {
        return setValue(value);
    }

    @Override
    public ChannelLog setValueWithoutChangingExpiryTime(ChannelLog value) {
        return setValue(value);
    }
}
