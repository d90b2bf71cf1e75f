package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/** Checks that each subscriber of one channel receives every message exactly once and in order. */
final class FanOutSink implements FrameSink {
    private final Ledger ledger;
    private final Replies replies;
    private final Marker marker = new Marker();
    private final long[] next;

    /** {@code connections} bounds the index of any connection that has this sink. */
    FanOutSink(Ledger ledger, Replies replies, int connections) {
        this.ledger = ledger;
        this.replies = replies;
        this.next = new long[connections];
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        long expected = next[connection.index];
        int place = marker.place(length);
        if (place > 0 && buffer.getLong(start + place) == ledger.digits(expected)) {
            next[connection.index] = expected + 1;
            ledger.delivered(expected, length, now);
        } else {
            other(connection, buffer, start, length, now);
        }
    }

    private void other(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        long sequence = marker.find(buffer, start, length);
        long expected = next[connection.index];
        if (sequence < 0) {
            replies.text(connection, buffer, start, length, now);
        } else if (sequence < expected) {
            ledger.misordered();
        } else {
            ledger.missed(sequence - expected);
            next[connection.index] = sequence + 1;
            ledger.delivered(sequence, length, now);
        }
    }
}
