package io.broadcastsocket.verify.wire;

import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;

/**
 * One connection to a node: JSON messages both ways, and its end when nothing comes for too long.
 *
 * <p>Event loop only. After {@link #close} nothing is told any more.
 */
public final class Wire {
    /** Who is told what happens; {@link #ended} comes once, and last. */
    public interface Events {
        /** The first message; pings may come before it. */
        void welcomed(Wire wire, JsonObject data);

        void received(Wire wire, JsonObject message);

        /** @param code of the close frame; 1006 without one, or when the connection could not be made */
        void ended(Wire wire, int code, String why);
    }

    /** The code that stands for the end of a connection without a close frame. */
    public static final int ABNORMAL = 1006;

    /** Beyond two heartbeats, for a busy machine. */
    private static final long SLACK_MS = 250;

    private final Wires wires;
    private final Endpoint endpoint;
    private final Events events;
    private WebSocket socket;
    private boolean welcomed;
    private boolean over;
    private boolean paused;
    private boolean givenUp;
    private long silenceNanos;
    private long heardAt = System.nanoTime();

    Wire(Wires wires, Endpoint endpoint, Events events, long attemptMs) {
        this.wires = wires;
        this.endpoint = endpoint;
        this.events = events;
        this.silenceNanos = attemptMs * 1_000_000;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Whether it was ended here because nothing came; the node may still believe in it. */
    public boolean isGivenUp() {
        return givenUp;
    }

    public void send(JsonObject message) {
        if (!over && socket != null) {
            socket.writeTextMessage(message.encode());
        }
    }

    /** Takes nothing until {@link #resume}, as a slow client does. */
    public void pause() {
        if (socket != null) {
            paused = true;
            socket.pause();
        }
    }

    public void resume() {
        if (paused) {
            paused = false;
            heardAt = System.nanoTime();
            socket.resume();
        }
    }

    /** Ends it; nothing more is told. */
    public void close() {
        over = true;
        wires.forget(this);
        if (socket != null) {
            socket.resume();
            // The end of a connection that is given up interests nobody.
            socket.close().onFailure(gone -> {});
        }
    }

    void opened(WebSocket opened) {
        socket = opened;
        if (over) {
            close();
            return;
        }
        opened.textMessageHandler(this::message);
        opened.closeHandler(closed -> {
            Short code = opened.closeStatusCode();
            end(code == null ? ABNORMAL : code, opened.closeReason());
        });
        opened.exceptionHandler(failure -> end(ABNORMAL, failure.getMessage()));
    }

    void failed(Throwable cause) {
        end(ABNORMAL, cause.getMessage());
    }

    /** Ends it if nothing has come for too long. */
    void checkSilence(long now) {
        if (!paused && now - heardAt > silenceNanos) {
            givenUp = true;
            end(ABNORMAL, "nothing came for " + (now - heardAt) / 1_000_000 + " ms");
        }
    }

    private void message(String text) {
        heardAt = System.nanoTime();
        if (over) {
            return;
        }
        JsonObject message = new JsonObject(text);
        if (welcomed) {
            events.received(this, message);
        } else if ("ack".equals(message.getString("type"))) {
            welcomed = true;
            JsonObject data = message.getJsonObject("data", new JsonObject());
            silenceNanos = (2 * data.getLong("heartbeatMs", 25_000L) + SLACK_MS) * 1_000_000;
            wires.learn(data, silenceNanos / 1_000_000);
            events.welcomed(this, data);
        }
    }

    private void end(int code, String why) {
        if (!over) {
            close();
            events.ended(this, code, why == null || why.isEmpty() ? "no reason" : why);
        }
    }
}
