package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The recent publications of one channel, the oldest first.
 *
 * <p>Confined to the thread of its partition. What was dropped at the front is let go of when it is half of the list, so
 * dropping costs a constant on average.
 */
final class LogEntries {
    private List<LogEntry> list = new ArrayList<>(2);
    private int start;
    private long bytes;

    int size() {
        return list.size() - start;
    }

    long bytes() {
        return bytes;
    }

    /** The entry with this index, 0 for the oldest. */
    LogEntry get(int index) {
        return list.get(start + index);
    }

    void add(LogEntry entry) {
        list.add(entry);
        bytes += entry.bytes();
    }

    /** Drops the oldest until all bounds hold; {@code oldest} is the earliest time that may stay. */
    void trim(int mostEntries, long mostBytes, long oldest) {
        while (size() > 0 && (size() > mostEntries || bytes > mostBytes || get(0).time() < oldest)) {
            bytes -= get(0).bytes();
            list.set(start++, null);
        }
        if (start > list.size() / 2) {
            list = new ArrayList<>(list.subList(start, list.size()));
            start = 0;
        }
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeInt(size());
        for (int i = 0; i < size(); i++) {
            get(i).write(out);
        }
    }

    void read(ObjectDataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            add(LogEntry.read(in));
        }
    }
}
