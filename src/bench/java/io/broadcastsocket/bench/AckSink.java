package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/** Takes the acks of publications for their delivery: each has to come exactly once. */
final class AckSink implements FrameSink {
    private static final byte[] ACK = Payload.needle("\"type\":\"ack\"");
    private static final byte[] MESSAGE_ID = Payload.needle("\"messageId\":\"");
    private static final byte[] DUPLICATE = Payload.needle("\"duplicate\":true");

    private final Ledger ledger;
    private final Replies replies;

    AckSink(Ledger ledger, Replies replies) {
        this.ledger = ledger;
        this.replies = replies;
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        int id = Payload.indexOf(buffer, start, length, MESSAGE_ID);
        if (id < 0 || !Payload.contains(buffer, start, length, ACK)) {
            replies.text(connection, buffer, start, length, now);
        } else if (Payload.contains(buffer, start, length, DUPLICATE)) {
            ledger.misordered();
        } else {
            int digits = id + MESSAGE_ID.length + Publisher.RUN_DIGITS;
            ledger.delivered(Hex.decode(buffer.getLong(start + digits)), length, now);
        }
    }
}
