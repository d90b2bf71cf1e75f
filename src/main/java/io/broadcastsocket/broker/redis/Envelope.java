package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads announcements: {@code epoch offset time idBytes exceptBytes }, then the message id, the client it is withheld from
 * and the data, without anything between them.
 */
final class Envelope {
    private static final int HEADER_FIELDS = 5;
    private static final int MOST_DIGITS = 18;

    private Envelope() {}

    /** The publication that was announced on a channel, or null when the payload is not one of ours. */
    static Publication decode(String channel, byte[] payload) {
        int[] spaces = new int[HEADER_FIELDS];
        int at = 0;
        for (int i = 0; i < HEADER_FIELDS; i++) {
            while (at < payload.length && payload[at] != ' ') {
                at++;
            }
            if (at == payload.length) {
                return null;
            }
            spaces[i] = at++;
        }
        long offset = number(payload, spaces[0] + 1, spaces[1]);
        long time = number(payload, spaces[1] + 1, spaces[2]);
        long idBytes = number(payload, spaces[2] + 1, spaces[3]);
        long exceptBytes = number(payload, spaces[3] + 1, spaces[4]);
        long rest = payload.length - at;
        if (spaces[0] == 0
                || offset < 1
                || time < 0
                || idBytes < 0
                || exceptBytes < 0
                || idBytes + exceptBytes >= rest) {
            return null;
        }
        int except = at + (int) idBytes;
        int data = except + (int) exceptBytes;
        return publication(
                channel,
                new Position(text(payload, 0, spaces[0]), offset),
                time,
                text(payload, at, except),
                text(payload, except, data),
                Arrays.copyOfRange(payload, data, payload.length));
    }

    /** @param except id of the client it is withheld from; empty for none */
    static Publication publication(
            String channel, Position position, long time, String messageId, String except, byte[] data) {
        Draft draft = new Draft(channel, data, messageId, Draft.Identity.PUBLISHER, except.isEmpty() ? null : except);
        return PublicationEncoder.encode(draft, position, time);
    }

    private static String text(byte[] payload, int from, int to) {
        return new String(payload, from, to - from, StandardCharsets.UTF_8);
    }

    /** A number without sign, or -1 when it is none. */
    private static long number(byte[] payload, int from, int to) {
        if (to <= from || to - from > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = payload[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
