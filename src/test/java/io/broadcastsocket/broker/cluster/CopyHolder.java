package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.PartitionReplica;
import java.util.UUID;

/** Which member has the copy of a partition. */
final class CopyHolder {
    private static final UUID NOBODY = new UUID(0, 0);

    private CopyHolder() {}

    static UUID of(HazelcastInstance member, int partition) {
        HazelcastInstanceImpl inside = ((HazelcastInstanceProxy) member).getOriginal();
        PartitionReplica copy =
                inside.node.getPartitionService().getPartition(partition).getReplica(1);
        return copy == null ? NOBODY : copy.uuid();
    }
}
