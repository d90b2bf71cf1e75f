package io.broadcastsocket.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Counts what a server answers besides messages: acks, subscription acks, errors. */
final class Replies implements FrameSink {
    static final String SUBSCRIBE_ID = "s1";
    private static final byte[] ACK = Payload.needle("\"type\":\"ack\"");
    private static final byte[] SUBSCRIBED = Payload.needle("\"messageId\":\"" + SUBSCRIBE_ID + "\"");
    private static final byte[] ERROR = Payload.needle("\"type\":\"error\"");

    private final List<String> samples = new ArrayList<>();
    private long acks;
    private long subscribed;
    private long errors;

    @Override
    public void text(Connection connection, ByteBuffer buffer, int start, int length, long now) {
        if (Payload.contains(buffer, start, length, ACK)) {
            if (Payload.contains(buffer, start, length, SUBSCRIBED)) {
                subscribed++;
            } else {
                acks++;
            }
        } else if (Payload.contains(buffer, start, length, ERROR)) {
            errors++;
            if (samples.size() < 3) {
                samples.add(Payload.text(buffer, start, length));
            }
        }
    }

    /** Acks other than those of subscriptions, the greeting's included. */
    long acks() {
        return acks;
    }

    long subscribed() {
        return subscribed;
    }

    long errors() {
        return errors;
    }

    /** The first few errors as received. */
    List<String> samples() {
        return samples;
    }
}
