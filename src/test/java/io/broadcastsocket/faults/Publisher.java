package io.broadcastsocket.faults;

import io.broadcastsocket.model.Position;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Publishes all the time, and sends again under the same message id whatever was not acknowledged.
 *
 * <p>Thread-safe; {@link #tick} drives it.
 */
final class Publisher {
    /** Publications that may be unacknowledged: more than come in the longest fault of a test. */
    private static final int MOST_UNACKNOWLEDGED = 4000;

    private record Retry(String id, long at) {}

    private final int port;
    private final String channel;
    private final String prefix;
    private final Map<String, JsonObject> unacknowledged = new LinkedHashMap<>();
    private final Map<String, Position> acknowledged = new HashMap<>();
    private final Deque<Retry> retries = new ArrayDeque<>();
    private final List<JsonObject> errors = new ArrayList<>();
    private Wire wire;
    private int count;
    private int reconnects = -1;
    private boolean stopped;

    Publisher(int port, String channel, String prefix) {
        this.port = port;
        this.channel = channel;
        this.prefix = prefix;
    }

    String channel() {
        return channel;
    }

    /** Sends one more, after those that have to be sent again. */
    synchronized void tick() {
        if (wire == null) {
            connect();
            return;
        }
        long now = System.nanoTime();
        while (!retries.isEmpty() && retries.peek().at() <= now) {
            JsonObject again = unacknowledged.get(retries.poll().id());
            if (again != null) {
                wire.send(again);
            }
        }
        if (!stopped && unacknowledged.size() < MOST_UNACKNOWLEDGED) {
            String id = id(count++);
            JsonObject broadcast = new JsonObject()
                    .put("type", "broadcast")
                    .put("channel", channel)
                    .put("messageId", id)
                    .put("data", count);
            unacknowledged.put(id, broadcast);
            wire.send(broadcast);
        }
    }

    /** Sends nothing more that was not sent before. */
    synchronized void stop() {
        stopped = true;
    }

    synchronized void close() {
        if (wire != null) {
            wire.abort();
        }
    }

    /** The id of the next publication. */
    synchronized String nextId() {
        return id(count);
    }

    synchronized boolean hasAcknowledged(String id) {
        return acknowledged.containsKey(id);
    }

    synchronized int unacknowledged() {
        return unacknowledged.size();
    }

    synchronized Map<String, Position> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** What was refused, and sent again later. */
    synchronized List<JsonObject> errors() {
        return List.copyOf(errors);
    }

    /** Whether the order in which it published is that in which it sent first. */
    synchronized boolean keptOrder() {
        return errors.isEmpty();
    }

    @Override
    public synchronized String toString() {
        return prefix + ": sent " + count + ", unacknowledged " + unacknowledged.size() + ", refused " + errors.size()
                + ", reconnects " + reconnects;
    }

    private String id(int index) {
        return prefix + "-" + index;
    }

    private void connect() {
        reconnects++;
        Wire[] opened = new Wire[1];
        opened[0] = Wire.open(port, this::received, () -> ended(opened));
        retries.clear();
        // It may have failed at once, when nobody knew yet which one it was.
        wire = opened[0].isOver() ? null : opened[0];
        if (wire != null) {
            unacknowledged.values().forEach(wire::send);
        }
    }

    /** @param gone looked at only here, since a connection may end before it is known as the one that was opened */
    private synchronized void ended(Wire[] gone) {
        if (gone[0] == wire) {
            wire = null;
        }
    }

    private synchronized void received(JsonObject message) {
        String id = message.getString("messageId");
        if (id == null || !unacknowledged.containsKey(id)) {
            return;
        }
        JsonObject data = message.getJsonObject("data");
        if (message.getString("type").equals("ack")) {
            unacknowledged.remove(id);
            acknowledged.put(id, new Position(data.getString("epoch"), data.getLong("offset")));
        } else if (message.getString("type").equals("error")) {
            errors.add(data);
            long wait = data.getLong("retryAfterMs", 0L);
            retries.add(new Retry(id, System.nanoTime() + wait * 1_000_000));
        }
    }
}
