package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/** Checks one subscriber that is allowed gaps, if they are announced: by a {@code gap}, or an error with the code {@code gap}. */
final class AuditSink implements FrameSink {
    private static final byte[] MESSAGE = Payload.needle("\"type\":\"message\"");
    private static final byte[] GAP = Payload.needle("\"gap\"");
    private static final byte[] OFFSET = Payload.needle("\"offset\":");
    private static final byte[] FROM = Payload.needle("\"from\":");
    private static final byte[] TO = Payload.needle("\"to\":");

    private final Ledger ledger;
    private final Replies replies;
    private long next = -1;
    private long received;
    private long announced;
    private long silentlyLost;
    private long misordered;

    AuditSink(Ledger ledger, Replies replies) {
        this.ledger = ledger;
        this.replies = replies;
    }

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        if (Payload.contains(buffer, start, length, MESSAGE)) {
            message(Payload.numberAfter(buffer, start, length, OFFSET), length);
        } else if (Payload.contains(buffer, start, length, GAP)) {
            gap(Payload.numberAfter(buffer, start, length, FROM), Payload.numberAfter(buffer, start, length, TO));
        } else {
            replies.text(connection, buffer, start, length, now);
        }
    }

    private void message(long offset, int length) {
        ledger.deliveredUntimed(length);
        received++;
        if (next >= 0 && offset < next) {
            misordered++;
            return;
        }
        silentlyLost += next < 0 ? 0 : offset - next;
        next = offset + 1;
    }

    private void gap(long from, long to) {
        if (from < 0 || to < from) {
            misordered++;
            return;
        }
        announced += to - from + 1;
        silentlyLost += next < 0 ? 0 : Math.max(0, from - next);
        next = Math.max(next, to + 1);
    }

    /** Messages and announced offsets together: the number of publications this subscriber knows of. */
    long accountedFor() {
        return received + announced;
    }

    long received() {
        return received;
    }

    long announced() {
        return announced;
    }

    long silentlyLost() {
        return silentlyLost;
    }

    long misordered() {
        return misordered;
    }
}
