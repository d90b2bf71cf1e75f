package io.broadcastsocket.bench;

import java.nio.ByteBuffer;

/**
 * Finds the number of a message in its frame without parsing it. The data of every message begins with {@code @} and eight
 * hexadecimal digits; frames of one length carry them in one place, which is remembered.
 */
final class Marker {
    private static final byte[] SIGN = {'@'};
    private static final int DIGITS = 8;

    private final int[] placeByLength = new int[65_536];

    /** Where the digits of frames of this length were last found, counted from the payload's start, or 0. */
    int place(int length) {
        return placeByLength[length];
    }

    /** The number in this frame, or -1 if it carries none; remembers the place. */
    long find(ByteBuffer buffer, int start, int length) {
        int known = placeByLength[length];
        if (known > 0 && buffer.get(start + known - 1) == '@') {
            return Hex.decode(buffer.getLong(start + known));
        }
        int sign = Payload.indexOf(buffer, start, length, SIGN);
        if (sign < 0 || sign + 1 + DIGITS > length) {
            return -1;
        }
        placeByLength[length] = sign + 1;
        return Hex.decode(buffer.getLong(start + sign + 1));
    }
}
