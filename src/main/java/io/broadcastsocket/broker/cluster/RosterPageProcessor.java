package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.PresencePage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a page of the members of a channel.
 *
 * <p>Confined to the thread of the partition once it runs. Nothing waits for the copy: a change that is shown and gets lost is made
 * again by the node that has not got its answer.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class RosterPageProcessor extends LogProcessor<RosterPage> {
    private String after;
    private int limit;

    /** For Hazelcast. */
    RosterPageProcessor() {}

    RosterPageProcessor(Standing standing, LogRule rule, String after, int limit) {
        super(standing, rule);
        this.after = after;
        this.limit = limit;
    }

    @Override
    RosterPage step(Map.Entry<String, ChannelLog> entry, ChannelLog log, Standing.Found standing) {
        return new RosterPage(
                log == null
                        ? new PresencePage(0, List.of(), Optional.empty())
                        : log.roster().page(after, limit));
    }

    @Override
    boolean covers(RosterPage first, RosterPage later) {
        return true;
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_PAGE_STEP;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        super.writeData(out);
        out.writeString(after);
        out.writeInt(limit);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        super.readData(in);
        after = in.readString();
        limit = in.readInt();
    }
}
