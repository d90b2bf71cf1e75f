package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.broker.PresenceStore.Change;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.protocol.PresenceEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The members of a channel, kept with the log that tells of them.
 *
 * <p>Confined to the thread of its partition. The same changes give the same members and the same events on both members of the
 * cluster that keep the log.
 */
final class Roster {
    private static final int MOST_ENDED = 1000;

    private record Stay(long visit, String node, String info) {}

    private final NavigableMap<String, Stay> stays = new TreeMap<>();

    /**
     * Visits that have ended, by client, the latest: a node that does not know yet that its client has moved on and left does not
     * bring it back. So many are enough for the seconds in which that can be.
     */
    private final Map<String, Long> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_ENDED;
        }
    };

    /** Grows with each change, so that a copy that has missed one is found out. */
    private long version;

    long version() {
        return version;
    }

    boolean isEmpty() {
        return stays.isEmpty();
    }

    /**
     * Makes a change.
     *
     * @param presence name of the channel that tells of it
     * @param told takes the events that tell of it
     * @return what it was: ordinal of a {@link Change}, and for the others how many members are gone
     */
    int apply(String presence, RosterChange change, List<Batch.Item> told) {
        String channel = ChannelName.ofPresence(presence);
        return switch (change.kind()) {
            case ENTER -> enter(channel, change, told).ordinal();
            case LEAVE -> leave(channel, change, told);
            case SWEEP ->
                remove(
                        channel,
                        told,
                        stay -> !change.nodes().contains(stay.node()),
                        stays.keySet().toArray(String[]::new));
        };
    }

    private Change enter(String channel, RosterChange change, List<Batch.Item> told) {
        Stay earlier = stays.get(change.clientId());
        Stay stay = new Stay(change.visit(), change.nodes().get(0), change.info());
        if (earlier != null && (earlier.visit() > stay.visit() || earlier.equals(stay))
                || ended.getOrDefault(change.clientId(), -1L) >= stay.visit()) {
            return Change.NONE;
        }
        ended.remove(change.clientId());
        stays.put(change.clientId(), stay);
        version++;
        if (earlier != null && earlier.info().equals(stay.info())) {
            return earlier.visit() == stay.visit() ? Change.NONE : Change.MOVED;
        }
        told.add(item(PresenceEvent.JOIN, channel, change.clientId(), stay.info()));
        return earlier == null ? Change.JOINED : Change.CHANGED;
    }

    private int leave(String channel, RosterChange change, List<Batch.Item> told) {
        int removed = remove(channel, told, stay -> stay.visit() == change.visit(), change.clientId());
        if (removed > 0) {
            ended.put(change.clientId(), change.visit());
        }
        return removed;
    }

    private int remove(String channel, List<Batch.Item> told, Predicate<Stay> gone, String... clients) {
        int removed = 0;
        for (String client : clients) {
            Stay stay = stays.get(client);
            if (stay != null && gone.test(stay)) {
                stays.remove(client);
                version++;
                removed++;
                told.add(item(PresenceEvent.LEAVE, channel, client, stay.info()));
            }
        }
        return removed;
    }

    private static Batch.Item item(PresenceEvent event, String channel, String client, String info) {
        Draft draft = event.draft(channel, client, info);
        return Batch.Item.of(draft);
    }

    PresencePage page(String after, int limit) {
        List<PresencePage.Member> page = new ArrayList<>();
        Map<String, Stay> rest = limit == 0 ? Map.of() : stays.tailMap(after, false);
        for (Map.Entry<String, Stay> entry : rest.entrySet()) {
            if (page.size() == limit) {
                return PresencePage.of(stays.size(), page, true);
            }
            page.add(new PresencePage.Member(entry.getKey(), entry.getValue().info()));
        }
        return PresencePage.of(stays.size(), page, false);
    }

    /** Whether somebody is there of any other nodes than these. */
    boolean hasOthersThan(List<String> nodes) {
        return stays.values().stream().anyMatch(stay -> !nodes.contains(stay.node()));
    }

    /** A sum over the stays by way of a node, by which that node sees whether all its members are there. */
    long checksum(String node) {
        long sum = 0;
        for (Map.Entry<String, Stay> entry : stays.entrySet()) {
            if (entry.getValue().node().equals(node)) {
                sum += checksum(entry.getKey(), entry.getValue().visit());
            }
        }
        return sum;
    }

    static long checksum(String client, long visit) {
        return 31L * client.hashCode() + visit * 0x9E3779B97F4A7C15L;
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(version);
        out.writeInt(ended.size());
        for (Map.Entry<String, Long> entry : ended.entrySet()) {
            out.writeString(entry.getKey());
            out.writeLong(entry.getValue());
        }
        out.writeInt(stays.size());
        for (Map.Entry<String, Stay> entry : stays.entrySet()) {
            out.writeString(entry.getKey());
            out.writeLong(entry.getValue().visit());
            out.writeString(entry.getValue().node());
            out.writeString(entry.getValue().info());
        }
    }

    void read(ObjectDataInput in) throws IOException {
        version = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            ended.put(in.readString(), in.readLong());
        }
        for (int i = in.readInt(); i > 0; i--) {
            stays.put(in.readString(), new Stay(in.readLong(), in.readString(), in.readString()));
        }
    }
}
