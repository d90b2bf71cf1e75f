package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/** Checks many channels with one subscriber each; message {@code n} belongs to channel {@code n} modulo their number. */
final class ChannelsSink implements FrameSink {
    private final Ledger ledger;
    private final Replies replies;
    private final Marker marker = new Marker();
    private final long[] next;

    ChannelsSink(Ledger ledger, Replies replies, int channels) {
        this.ledger = ledger;
        this.replies = replies;
        this.next = new long[channels];
        for (int channel = 0; channel < channels; channel++) {
            next[channel] = channel;
        }
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        long sequence = marker.find(buffer, start, length);
        if (sequence < 0) {
            replies.text(connection, buffer, start, length, now);
            return;
        }
        int channel = (int) (sequence % next.length);
        if (sequence < next[channel]) {
            ledger.misordered();
            return;
        }
        ledger.missed((sequence - next[channel]) / next.length);
        next[channel] = sequence + next.length;
        ledger.delivered(sequence, length, now);
    }
}
