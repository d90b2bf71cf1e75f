package io.broadcastsocket.faults;

import io.broadcastsocket.model.Position;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber that writes down what it is given, and comes back where it stood when its connection ends.
 *
 * <p>Thread-safe; {@link #tick} drives it.
 */
final class Witness {
    /** Something that it was given. */
    sealed interface Event permits Began, Message, Missed {
        /** Where it stands then; the epoch of a message is that of where it stood before. */
        Position position();
    }

    /** A subscribe was acknowledged. */
    record Began(Position position, boolean recovered) implements Event {}

    record Message(Position position, String messageId) implements Event {}

    record Missed(Position position, long from, long to, String reason) implements Event {}

    private static final Logger log = LoggerFactory.getLogger(Witness.class);
    private static final long ANSWER_NANOS = 5_000_000_000L;

    private final String name;
    private final int port;
    private final String channel;
    private final List<Event> events = new ArrayList<>();
    private final Set<String> messageIds = new HashSet<>();
    private Wire wire;
    private Position position;
    private long openedAt;
    private long askedAt;
    private boolean asked;
    private boolean subscribed;

    Witness(String name, int port, String channel) {
        this.name = name;
        this.port = port;
        this.channel = channel;
    }

    String name() {
        return name;
    }

    String channel() {
        return channel;
    }

    /** Connects and subscribes if it has to. */
    synchronized void tick() {
        if (wire == null) {
            Wire[] opened = new Wire[1];
            opened[0] = Wire.open(port, message -> received(opened[0], message), () -> ended(opened));
            // It may have failed at once, when nobody knew yet which one it was.
            wire = opened[0].isOver() ? null : opened[0];
            openedAt = System.nanoTime();
            asked = false;
        } else if (!asked && System.nanoTime() - openedAt > ANSWER_NANOS) {
            // As every client does. Seen once, and never again: whoever meets it here should look into it.
            log.warn("no welcome witness=\"{}\"", name);
            wire.abort();
            wire = null;
        } else if (!subscribed && asked && System.nanoTime() - askedAt > ANSWER_NANOS) {
            subscribe();
        }
    }

    synchronized void close() {
        if (wire != null) {
            wire.abort();
        }
    }

    synchronized boolean isSubscribed() {
        return subscribed;
    }

    synchronized boolean has(String messageId) {
        return messageIds.contains(messageId);
    }

    synchronized Position position() {
        return position;
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized String toString() {
        String standing = subscribed ? "at " : asked ? "not answered, was at " : "not welcomed, was at ";
        return name + ": " + standing + position + " after " + messageIds.size() + " messages";
    }

    private void subscribe() {
        JsonObject subscribe = new JsonObject()
                .put("type", "subscribe")
                .put("channel", channel)
                .put("messageId", "subscribe");
        if (position != null) {
            subscribe.put(
                    "since", new JsonObject().put("epoch", position.epoch()).put("offset", position.offset()));
        }
        asked = true;
        askedAt = System.nanoTime();
        wire.send(subscribe);
    }

    /** @param gone looked at only here, since a connection may end before it is known as the one that was opened */
    private synchronized void ended(Wire[] gone) {
        if (gone[0] == wire) {
            wire = null;
            subscribed = false;
        }
    }

    private synchronized void received(Wire from, JsonObject message) {
        if (wire != null && from != null && from != wire) {
            return;
        }
        String type = message.getString("type");
        boolean ours = channel.equals(message.getString("channel"));
        JsonObject data = message.getValue("data") instanceof JsonObject object ? object : new JsonObject();
        if (type.equals("ack") && message.getString("messageId") == null) {
            subscribe();
        } else if (type.equals("ack") && "subscribe".equals(message.getString("messageId"))) {
            subscribed = true;
            add(new Began(positionIn(data), data.getBoolean("recovered")));
        } else if (type.equals("error") && "subscribe".equals(message.getString("messageId"))) {
            askedAt = System.nanoTime() - ANSWER_NANOS + data.getLong("retryAfterMs", 0L) * 1_000_000;
        } else if (type.equals("gap") && ours) {
            add(new Missed(positionIn(data), data.getLong("from"), data.getLong("to"), data.getString("reason")));
        } else if (type.equals("message") && ours) {
            messageIds.add(message.getString("messageId"));
            add(new Message(position.at(message.getLong("offset")), message.getString("messageId")));
        }
    }

    private void add(Event event) {
        events.add(event);
        position = event.position();
    }

    private static Position positionIn(JsonObject data) {
        return new Position(data.getString("epoch"), data.getLong("offset"));
    }
}
