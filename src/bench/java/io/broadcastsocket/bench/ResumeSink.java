package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Checks a client that follows several channels over all its connections: of each channel every offset from 1 on, once and in
 * order. Message {@code n} belongs to channel {@code n} modulo their number.
 */
final class ResumeSink implements FrameSink {
    private static final byte[] GAP = Payload.needle("\"type\":\"gap\"");

    private final Replies replies;
    private final Marker marker;
    private final String[] epochs;
    private final long[] last;
    private long wrong;

    /** {@code marker} and {@code epochs}, by channel, are shared by all clients. */
    ResumeSink(Replies replies, Marker marker, String[] epochs) {
        this.replies = replies;
        this.marker = marker;
        this.epochs = epochs;
        this.last = new long[epochs.length];
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        long sequence = marker.find(buffer, start, length);
        if (sequence < 0) {
            reply(connection, buffer, start, length, now);
            return;
        }
        int channel = (int) (sequence % last.length);
        if (OffsetSink.offset(buffer, start, length) == last[channel] + 1 && sequence / last.length == last[channel]) {
            last[channel]++;
        } else {
            wrong++;
        }
    }

    private void reply(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        if (Payload.contains(buffer, start, length, GAP)) {
            wrong++;
        }
        replies.text(connection, buffer, start, length, now);
        for (int channel = 0; channel < epochs.length; channel++) {
            if (epochs[channel] == null) {
                JsonObject reply = new JsonObject(Payload.text(buffer, start, length));
                if (Publisher.channelName(channel).equals(reply.getString("channel"))) {
                    epochs[channel] = reply.getJsonObject("data").getString("epoch");
                }
            }
        }
    }

    /** The command that goes on where this client stands. */
    String resume() {
        JsonObject positions = new JsonObject();
        for (int channel = 0; channel < last.length; channel++) {
            positions.put(
                    Publisher.channelName(channel),
                    new JsonObject().put("epoch", epochs[channel]).put("offset", last[channel]));
        }
        return new JsonObject()
                .put("type", "resume")
                .put("positions", positions)
                .put("messageId", "r1")
                .encode();
    }

    /** Whether it has everything of so many messages. */
    boolean has(long messages) {
        for (int channel = 0; channel < last.length; channel++) {
            if (last[channel] < (messages + last.length - 1 - channel) / last.length) {
                return false;
            }
        }
        return true;
    }

    /** Messages that came out of order, twice or after a hole, and announced gaps. */
    long wrong() {
        return wrong;
    }

    long received() {
        return Arrays.stream(last).sum();
    }
}
