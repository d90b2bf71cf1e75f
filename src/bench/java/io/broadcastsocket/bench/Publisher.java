package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends numbered broadcasts over one or several connections in turn. Confined to the generator's thread.
 *
 * <p>Message ids differ from those of other runs, so that a server that deduplicates can be measured twice. Frames are collected until {@link #flush()}: what is published at once leaves in one write per connection.
 */
final class Publisher {
    private static final int TEXT = 0x81;
    private static final int DIGITS = 8;

    /** Of a message id, before the digits of the message's number. */
    static final int RUN_DIGITS = 9;

    private final Ledger ledger;
    private final List<Connection> connections;
    private final ByteBuffer[] outboxes;
    private final byte[] command;
    private final int markerAt;
    private final int messageIdAt;
    private final int channelAt;
    private final int channels;
    private int turn;

    /**
     * Publishes to one channel if {@code channels} is 0; else to {@code c00000000} and following in turn, and never to the same one
     * again if {@code channels} is the largest integer.
     */
    Publisher(Ledger ledger, List<Connection> connections, String channel, int channels, int dataLength) {
        this.ledger = ledger;
        this.connections = connections;
        this.channels = channels;
        String name = channels == 0 ? channel : channelName(0);
        String head = "{\"type\":\"broadcast\",\"channel\":\"" + name + "\",\"data\":\"@";
        String padding = "x".repeat(Math.max(0, dataLength - 1 - DIGITS));
        String run =
                Long.toHexString(0x1_0000_0000L + ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        String middle = head + "00000000" + padding + "\",\"messageId\":\"" + run;
        command = (middle + "00000000\"}").getBytes(StandardCharsets.US_ASCII);
        channelAt = channels == 0 ? -1 : head.indexOf(name) + 1;
        markerAt = head.length();
        messageIdAt = middle.length();
        outboxes = new ByteBuffer[connections.size()];
        Arrays.setAll(outboxes, i -> ByteBuffer.allocate(1 << 16));
    }

    static String channelName(long number) {
        return "c" + String.format("%08x", number);
    }

    /** Publishes the next message, which was due at {@code due}. */
    void publish(long due) throws IOException {
        long sequence = ledger.publish(due);
        put(markerAt, ledger.digits(sequence));
        put(messageIdAt, ledger.digits(sequence));
        if (channelAt >= 0) {
            put(channelAt, Hex.encode(sequence % channels));
        }
        ByteBuffer outbox = outboxes[turn];
        if (outbox.remaining() < command.length + 8) {
            flush(turn);
        }
        ClientFrame.write(outbox, TEXT, command, command.length);
        turn = (turn + 1) % outboxes.length;
    }

    private void put(int at, long digits) {
        for (int i = 0; i < DIGITS; i++) {
            command[at + i] = (byte) (digits >>> (56 - 8 * i));
        }
    }

    void flush() throws IOException {
        for (int i = 0; i < outboxes.length; i++) {
            if (outboxes[i].position() > 0) {
                flush(i);
            }
        }
    }

    private void flush(int i) throws IOException {
        connections.get(i).send(outboxes[i].flip());
        outboxes[i].clear();
    }
}
