package io.broadcastsocket.broker.cluster;

import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/**
 * How many members there must be, and what the member that owns a log finds when it is asked for something.
 *
 * <p>This is the one place that looks inside Hazelcast: only there is told whether a partition has a copy (record 0013).
 *
 * @param members how many there are when all are there
 * @param quorum fewer than these accept nothing
 */
record Standing(int members, int quorum) {
    /** The members that are there are more than half of all, so there are no others. */
    private static final String ALL = "";

    /**
     * What the owner finds.
     *
     * @param regime empty when the members that are there cannot have others beside them; otherwise a word that two groups
     *     that are cut off from each other never have in common
     * @param hasCopy whether another member keeps the partition too
     * @param clusterTime the time all members agree on, milliseconds since 1970
     */
    record Found(String regime, boolean hasCopy, long clusterTime) {}

    /**
     * Looks at the owner's node, on the thread of the partition.
     *
     * @throws NotServing when there are too few members, or the copy is not there yet that has to be
     */
    Found check(Node node, String channel) {
        int present = node.getClusterService().getSize();
        if (present < quorum) {
            throw new NotServing("the cluster has " + present + " of " + members + " nodes, and needs " + quorum);
        }
        boolean hasCopy = hasCopy(node, channel);
        int now = node.getClusterService().getSize();
        if (now != present || (!hasCopy && now > 1)) {
            throw new NotServing("a node has gone or come, and the copy of the log moves");
        }
        return new Found(regime(node, now), hasCopy, node.getClusterService().getClusterTime());
    }

    /** Partitions are told of a member's departure later than the members; its copies are asked nothing from then on. */
    static boolean hasCopy(Node node, String channel) {
        int id = node.getPartitionService().getPartitionId(channel);
        InternalPartition partition = node.getPartitionService().getPartition(id);
        PartitionReplica copy = partition.getReplica(1);
        return copy != null && node.getClusterService().getMember(copy.address(), copy.uuid()) != null;
    }

    /** Never the same word twice for a side of a split, also when it had been alone before. */
    private String regime(Node node, int present) {
        return present * 2 > members
                ? ALL
                : node.getClusterService().getMembers().iterator().next().getUuid()
                        + "/"
                        + node.getClusterService().getMemberListVersion();
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeInt(members);
        out.writeInt(quorum);
    }

    static Standing read(ObjectDataInput in) throws IOException {
        return new Standing(in.readInt(), in.readInt());
    }
}
