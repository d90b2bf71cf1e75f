package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import java.io.IOException;

/**
 * One publication in the log; its place there is its offset.
 *
 * @param withheldFrom id of the client that must not receive it, or null
 * @param time when it was appended, milliseconds since 1970 by the cluster's clock
 */
record LogEntry(String messageId, String withheldFrom, long time, byte[] data) {
    /** What an entry costs beside its texts, about. */
    private static final int OVERHEAD = 100;

    private static final byte[] NOTHING = {};

    long bytes() {
        return data.length + messageId.length() + OVERHEAD;
    }

    /** What tells it from others. */
    LogEntry withoutData() {
        return new LogEntry(messageId, withheldFrom, time, NOTHING);
    }

    Publication publication(String channel, Position position) {
        Draft draft = new Draft(channel, data, messageId, Draft.Identity.PUBLISHER, withheldFrom);
        return PublicationEncoder.encode(draft, position, time);
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeString(messageId);
        out.writeString(withheldFrom);
        out.writeLong(time);
        out.writeByteArray(data);
    }

    static LogEntry read(ObjectDataInput in) throws IOException {
        return new LogEntry(in.readString(), in.readString(), in.readLong(), in.readByteArray());
    }
}
