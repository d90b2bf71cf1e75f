package io.broadcastsocket.broker.cluster;

import com.hazelcast.map.ExtendedMapEntry;
import java.util.concurrent.TimeUnit;

/** An entry of a map on one member. */
final class FakeEntry<V> implements ExtendedMapEntry<String, V> {
    private V value;

    @Override
    public String getKey() {
        return "key";
    }

    @Override
    public V getValue() {
        return value;
    }

    @Override
    public V setValue(V set) {
        V before = value;
        value = set;
        return before;
    }

    @Override
    public V setValue(V set, long ttl, TimeUnit unit) {
        return setValue(set);
    }

    @Override
    public V setValueWithoutChangingExpiryTime(V set) {
        return setValue(set);
    }
}
