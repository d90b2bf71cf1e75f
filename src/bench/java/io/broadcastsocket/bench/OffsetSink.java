package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/**
 * Checks subscribers of one channel that several nodes publish to: the offsets have to come one after the other from 1 on,
 * whatever the order in which the messages were sent.
 */
final class OffsetSink implements FrameSink {
    private static final byte[] OFFSET = Payload.needle("\"offset\":");
    /** What follows the offset in a message: a timestamp of 13 digits and a brace. */
    private static final int TAIL = ",\"timestamp\":0000000000000}".length();

    private final Ledger ledger;
    private final Replies replies;
    private final Marker marker = new Marker();
    private final long[] last;

    /** {@code connections} bounds the index of any connection that has this sink. */
    OffsetSink(Ledger ledger, Replies replies, int connections) {
        this.ledger = ledger;
        this.replies = replies;
        this.last = new long[connections];
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        long sequence = marker.find(buffer, start, length);
        if (sequence < 0) {
            replies.text(connection, buffer, start, length, now);
            return;
        }
        long offset = offset(buffer, start, length);
        long expected = last[connection.index] + 1;
        if (offset < expected) {
            ledger.misordered();
            return;
        }
        ledger.missed(offset - expected);
        last[connection.index] = offset;
        ledger.delivered(sequence, length, now);
    }

    /** The offset of a message's frame; reads backwards from where its digits end. */
    static long offset(ByteBuffer buffer, int start, int length) {
        int end = start + length - TAIL;
        long value = 0;
        long weight = 1;
        for (int at = end - 1; at > start; at--) {
            int digit = buffer.get(at) - '0';
            if (digit < 0 || digit > 9) {
                return weight > 1 && buffer.get(at) == ':' ? value : Payload.numberAfter(buffer, start, length, OFFSET);
            }
            value += digit * weight;
            weight *= 10;
        }
        return -1;
    }

    /** How many of the first connections have not got everything up to this offset. */
    long incomplete(int connections, long top) {
        long incomplete = 0;
        for (int i = 0; i < connections; i++) {
            incomplete += last[i] == top ? 0 : 1;
        }
        return incomplete;
    }
}
