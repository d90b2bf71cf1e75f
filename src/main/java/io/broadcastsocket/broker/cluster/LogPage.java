package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log answers to a read.
 *
 * <p>Immutable after it was read; thread-safe.
 */
final class LogPage implements IdentifiedDataSerializable {
    private static final int NONE = -1;

    private String epoch;
    private long top;

    /** Ordinal of the reason why there is nothing, or {@link #NONE}. */
    private int reason;

    /** The offset that the publications follow, or after which a read would succeed. */
    private long after;

    private List<LogEntry> entries;

    /** For Hazelcast. */
    LogPage() {}

    private LogPage(Position top, int reason, long after, List<LogEntry> entries) {
        this.epoch = top.epoch();
        this.top = top.offset();
        this.reason = reason;
        this.after = after;
        this.entries = entries;
    }

    static LogPage of(Position top, long after, List<LogEntry> entries) {
        return new LogPage(top, NONE, after, entries);
    }

    static LogPage unservable(Gap.Reason reason, Position top, long resumeAt) {
        return new LogPage(top, reason.ordinal(), resumeAt, List.of());
    }

    Position top() {
        return new Position(epoch, top);
    }

    /**
     * Whether another page, which follows the same position, tells of the same log: it goes on from where this one says that it
     * stands, and has the same publications. Another owner may have given the same offsets to others.
     */
    boolean isWithin(LogPage later) {
        return epoch.equals(later.epoch) && top <= later.top && (entries.isEmpty() || later.beginsWith(this));
    }

    private boolean beginsWith(LogPage first) {
        if (after != first.after || entries.size() < first.entries.size()) {
            return false;
        }
        for (int i = 0; i < first.entries.size(); i++) {
            if (!entries.get(i).messageId().equals(first.entries.get(i).messageId())) {
                return false;
            }
        }
        return true;
    }

    /** The position that its publications follow. */
    Position after() {
        return top().at(after);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    ReadResult result(String channel) {
        if (reason != NONE) {
            return new ReadResult.Unservable(Gap.Reason.values()[reason], top().at(after), top());
        }
        List<Publication> publications = new ArrayList<>(entries.size());
        for (LogEntry entry : entries) {
            publications.add(entry.publication(channel, top().at(after + 1 + publications.size())));
        }
        return new ReadResult.Page(publications, top());
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.LOG_PAGE;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(epoch);
        out.writeLong(top);
        out.writeInt(reason);
        out.writeLong(after);
        out.writeInt(entries.size());
        for (LogEntry entry : entries) {
            entry.write(out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        epoch = in.readString();
        top = in.readLong();
        reason = in.readInt();
        after = in.readLong();
        int size = in.readInt();
        entries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            entries.add(LogEntry.read(in));
        }
    }
}
