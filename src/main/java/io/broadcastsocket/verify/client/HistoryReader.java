package io.broadcastsocket.verify.client;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Wire;
import io.broadcastsocket.verify.wire.Wires;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.TreeMap;

/**
 * Reads a channel's whole history over a connection of its own.
 *
 * <p>Event loop only.
 */
public final class HistoryReader implements Wire.Events {
    /** What a node keeps of a channel. */
    public record History(Position top, TreeMap<Long, String> messageIds) {}

    /** Small, since a page comes in one frame and data may be large. */
    private static final int PAGE = 200;

    private final String channel;
    private final Promise<History> promise = Promise.promise();
    private final TreeMap<Long, String> messageIds = new TreeMap<>();

    private HistoryReader(String channel) {
        this.channel = channel;
    }

    /** Fails when the node cannot be reached or refuses. */
    public static Future<History> read(Wires wires, Endpoint endpoint, String channel) {
        HistoryReader reader = new HistoryReader(channel);
        Wire wire = wires.open(endpoint, "/", reader);
        return reader.promise.future().onComplete(done -> wire.close());
    }

    @Override
    public void welcomed(Wire wire, JsonObject data) {
        ask(wire, null);
    }

    @Override
    public void received(Wire wire, JsonObject message) {
        if (!"history".equals(message.getString("messageId"))) {
            return;
        }
        JsonObject data = message.getJsonObject("data");
        if (!message.getString("type").equals("ack")) {
            promise.tryFail(data.getString("message"));
            return;
        }
        Position top = new Position(data.getString("epoch"), data.getLong("offset"));
        JsonArray publications = data.getJsonArray("publications");
        for (int i = 0; i < publications.size(); i++) {
            JsonObject publication = publications.getJsonObject(i);
            messageIds.put(publication.getLong("offset"), publication.getString("messageId"));
        }
        if (publications.isEmpty() || messageIds.lastKey() >= top.offset()) {
            promise.tryComplete(new History(top, messageIds));
        } else {
            ask(wire, top.at(messageIds.lastKey()));
        }
    }

    @Override
    public void ended(Wire wire, int code, String why) {
        promise.tryFail("the connection ended with " + code + " (" + why + ")");
    }

    private void ask(Wire wire, Position since) {
        JsonObject command = new JsonObject()
                .put("type", "history")
                .put("channel", channel)
                .put("limit", PAGE)
                .put("messageId", "history");
        if (since != null) {
            command.put("since", new JsonObject().put("epoch", since.epoch()).put("offset", since.offset()));
        }
        wire.send(command);
    }
}
