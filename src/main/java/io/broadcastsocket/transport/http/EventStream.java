package io.broadcastsocket.transport.http;

import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.TextFrames;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One stream of server-sent events (WHATWG HTML, section 9.2).
 *
 * <p>Event loop only. The id of every event holds the positions of all its channels, in the order of the request, so that
 * a browser which reconnects with {@code Last-Event-ID} goes on exactly where it was.
 */
final class EventStream implements Outlet {
    private static final String COMMENT = ": ping\n\n";

    private final HttpServerResponse response;
    private final Subscriber subscriber;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private final StringBuilder pending = new StringBuilder();
    private boolean ended;

    EventStream(HttpServerResponse response, HubShard shard) {
        this.response = response;
        this.subscriber = shard.register(this);
        response.drainHandler(drained -> shard.writable(subscriber));
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** A channel of this stream; call in the order of the request. */
    void add(String channel, Position position) {
        positions.put(channel, position);
    }

    /** Tells the client where it stands before the first event. */
    void begin() {
        pending.append("retry: 1000\n");
        append("open", new JsonObject().put("channels", positions.size()).encode());
        flush();
    }

    void heartbeat() {
        if (isWritable()) {
            response.write(COMMENT);
        }
    }

    void ended() {
        ended = true;
    }

    @Override
    public String clientId() {
        return "";
    }

    @Override
    public boolean isWritable() {
        return !ended && !response.writeQueueFull();
    }

    @Override
    public void write(String channel, ByteBuf frames, long first) {
        long[] offset = {first};
        try {
            TextFrames.forEach(frames, text -> {
                positions.computeIfPresent(channel, (name, position) -> position.at(offset[0]));
                offset[0]++;
                append("message", text);
            });
        } finally {
            frames.release();
        }
    }

    @Override
    public void flush() {
        if (!ended && pending.length() > 0) {
            response.write(pending.toString());
        }
        pending.setLength(0);
    }

    @Override
    public void announce(Gap gap) {
        positions.put(gap.channel(), gap.next());
        append(
                "gap",
                new JsonObject()
                        .put("channel", gap.channel())
                        .put("from", gap.from())
                        .put("to", gap.to())
                        .put("reason", gap.reason().code())
                        .put("epoch", gap.next().epoch())
                        .put("offset", gap.next().offset())
                        .encode());
    }

    @Override
    public void tooSlow() {
        response.reset();
    }

    /** Line ends inside the JSON can only be white space between its tokens: each gets a data line of its own. */
    private void append(String event, String data) {
        pending.append("event: ").append(event).append("\nid: ").append(id()).append('\n');
        data.lines().forEach(line -> pending.append("data: ").append(line).append('\n'));
        pending.append('\n');
    }

    private String id() {
        return positions.values().stream()
                .map(position -> position.epoch() + ":" + position.offset())
                .collect(Collectors.joining(";"));
    }
}
