package io.broadcastsocket.broker.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels the other nodes want announcements of.
 *
 * <p>Event loop only; pure.
 */
final class PeerInterests implements Peers.Listener {
    private static final int UNKNOWN = -1;

    private final Map<String, Interest> byNode = new HashMap<>();

    /** Whether a node wants a channel; one that has not told yet wants all. */
    boolean wants(String node, String channel) {
        Interest interest = byNode.get(node);
        return interest == null || interest.has(channel);
    }

    /** Takes what a node tells, see {@link OwnInterest}. */
    JsonObject told(JsonObject question) {
        String node = PeerBus.asker(question);
        long version = question.getLong("version");
        JsonArray all = question.getJsonArray("all");
        Interest known = byNode.get(node);
        if (all != null) {
            Interest whole = new Interest();
            whole.set(version, strings(all));
            byNode.put(node, whole);
        } else if (known != null && known.version() == question.getLong("base")) {
            known.change(version, strings(question.getJsonArray("add")), strings(question.getJsonArray("remove")));
        } else {
            byNode.remove(node);
            version = UNKNOWN;
        }
        return new JsonObject().put("version", version);
    }

    /** Whether it knows just this set of a node; if not, that node gets everything. */
    boolean knows(String node, long version, long checksum) {
        Interest known = byNode.get(node);
        boolean same = known != null && known.version() == version && known.checksum() == checksum;
        if (!same) {
            byNode.remove(node);
        }
        return same;
    }

    /** Forgets nodes that are not there: what they told last may have come after they had left. */
    void retain(Collection<String> nodes) {
        byNode.keySet().retainAll(nodes);
    }

    @Override
    public void joined(String node) {
        // It tells by itself.
    }

    @Override
    public void left(String node) {
        byNode.remove(node);
    }

    private static Collection<String> strings(JsonArray array) {
        return array == null ? List.of() : array.stream().map(Object::toString).toList();
    }
}
