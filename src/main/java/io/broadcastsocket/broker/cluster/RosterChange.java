package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node does about the members of a channel.
 *
 * @param clientId of the member; empty for {@link Kind#SWEEP}
 * @param visit number of the client's stay
 * @param info what the client says about itself, as JSON; for {@link Kind#ENTER}
 * @param nodes the node that the client is on, for {@link Kind#ENTER}; those that may have members, for {@link Kind#SWEEP}
 */
record RosterChange(Kind kind, String clientId, long visit, String info, List<String> nodes) {
    /** What is done. */
    enum Kind {
        /** A client is a member by this visit. */
        ENTER,
        /** The visit of a client is over. */
        LEAVE,
        /** Members of any other nodes than these are gone. */
        SWEEP
    }

    RosterChange {
        nodes = List.copyOf(nodes);
    }

    static RosterChange enter(String clientId, long visit, String info, String node) {
        return new RosterChange(Kind.ENTER, clientId, visit, info, List.of(node));
    }

    static RosterChange leave(String clientId, long visit) {
        return new RosterChange(Kind.LEAVE, clientId, visit, "", List.of());
    }

    static RosterChange sweep(List<String> living) {
        return new RosterChange(Kind.SWEEP, "", 0, "", living);
    }

    /** The same; a sweep leaves the members of these nodes, too: some may have come since it was made. */
    RosterChange sparing(List<String> present) {
        if (kind != Kind.SWEEP) {
            return this;
        }
        List<String> all = new ArrayList<>(nodes);
        all.addAll(present);
        return sweep(all);
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeInt(kind.ordinal());
        out.writeString(clientId);
        out.writeLong(visit);
        out.writeString(info);
        out.writeStringArray(nodes.toArray(String[]::new));
    }

    static RosterChange read(ObjectDataInput in) throws IOException {
        return new RosterChange(
                Kind.values()[in.readInt()],
                in.readString(),
                in.readLong(),
                in.readString(),
                List.of(in.readStringArray()));
    }

    static void writeAll(ObjectDataOutput out, List<RosterChange> changes) throws IOException {
        out.writeInt(changes.size());
        for (RosterChange change : changes) {
            change.write(out);
        }
    }

    static List<RosterChange> readAll(ObjectDataInput in) throws IOException {
        int size = in.readInt();
        List<RosterChange> changes = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            changes.add(read(in));
        }
        return changes;
    }
}
