package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Looks at many rosters at once: who is there by way of a node, as a sum, and whether there is somebody of unknown nodes.
 *
 * <p>Confined to the thread of the partition once it runs. Gives the sum, or {@link #STRANGERS}.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterSurvey implements EntryProcessor<String, ChannelLog, Long>, IdentifiedDataSerializable, ReadOnly {
    /** There is somebody of none of the known nodes. */
    static final long STRANGERS = Long.MIN_VALUE;

    private String node;
    private List<String> known;

    /** For Hazelcast. */
    RosterSurvey() {}

    /**
     * @param node whose members are summed up
     * @param known nodes that may have members; empty for all
     */
    RosterSurvey(String node, List<String> known) {
        this.node = node;
        this.known = known;
    }

    @Override
    public Long process(Map.Entry<String, ChannelLog> entry) {
        ChannelLog log = entry.getValue();
        if (log == null) {
            return 0L;
        }
        Roster roster = log.roster();
        return !known.isEmpty() && roster.hasOthersThan(known) ? STRANGERS : roster.checksum(node);
    }

    @Override
    public EntryProcessor<String, ChannelLog, Long> getBackupProcessor() {
        return null;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_SURVEY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(node);
        out.writeStringArray(known.toArray(String[]::new));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        node = in.readString();
        known = List.of(in.readStringArray());
    }
}
