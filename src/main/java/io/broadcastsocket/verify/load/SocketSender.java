package io.broadcastsocket.verify.load;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Wire;
import io.broadcastsocket.verify.wire.Wires;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Publishes over a WebSocket to one node, and waits when that node's rate limit says so.
 *
 * <p>Event loop only.
 */
final class SocketSender implements Sender, Wire.Events {
    private static final long AGAIN_MS = 300;

    private final Vertx vertx;
    private final Wires wires;
    private final Endpoint endpoint;
    private final Answers answers;
    private Wire wire;
    private boolean welcomed;
    private boolean closed;
    private long notBefore;

    SocketSender(Vertx vertx, Wires wires, Endpoint endpoint, Answers answers) {
        this.vertx = vertx;
        this.wires = wires;
        this.endpoint = endpoint;
        this.answers = answers;
    }

    @Override
    public void start() {
        if (!closed) {
            wire = wires.open(endpoint, "/", this);
        }
    }

    @Override
    public boolean isReady() {
        return welcomed && System.nanoTime() >= notBefore;
    }

    @Override
    public void send(Publication publication) {
        wire.send(new JsonObject()
                .put("type", "broadcast")
                .put("channel", publication.channel)
                .put("messageId", publication.id)
                .put("data", publication.data));
    }

    @Override
    public void close() {
        closed = true;
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public void welcomed(Wire from, JsonObject data) {
        welcomed = true;
    }

    @Override
    public void received(Wire from, JsonObject message) {
        String id = message.getString("messageId");
        if (id == null || !List.of("ack", "error").contains(message.getString("type"))) {
            return;
        }
        JsonObject data = message.getJsonObject("data");
        if (message.getString("type").equals("ack")) {
            answers.acknowledged(
                    id,
                    new Position(data.getString("epoch"), data.getLong("offset")),
                    data.getBoolean("duplicate", false));
            return;
        }
        String code = data.getString("code");
        long wait = data.getLong("retryAfterMs", AGAIN_MS);
        if (code.equals("rate-limited")) {
            notBefore = System.nanoTime() + wait * 1_000_000;
        }
        if (code.equals("rate-limited") || code.equals("unavailable") || code.equals("internal-error")) {
            answers.refused(id, wait, code);
        } else {
            answers.denied(this, endpoint + " refused a broadcast: " + code + ", " + data.getString("message"));
        }
    }

    @Override
    public void ended(Wire from, int code, String why) {
        welcomed = false;
        answers.lost(this);
        if (!closed) {
            vertx.setTimer(AGAIN_MS, timer -> start());
        }
    }

    @Override
    public String toString() {
        return "WebSocket to " + endpoint;
    }
}
