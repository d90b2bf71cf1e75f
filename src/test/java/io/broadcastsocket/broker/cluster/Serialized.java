package io.broadcastsocket.broker.cluster;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;

/** Sends things over the wire between members, without the wire. */
final class Serialized {
    private static final InternalSerializationService SERIALIZATION = new DefaultSerializationServiceBuilder()
            .addDataSerializableFactory(Types.FACTORY, new Types())
            .build();

    private Serialized() {}

    /** What the other member reads. */
    static <T> T copy(T object) {
        return SERIALIZATION.toObject(SERIALIZATION.toData(object));
    }
}
