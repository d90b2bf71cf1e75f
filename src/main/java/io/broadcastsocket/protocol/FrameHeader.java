package io.broadcastsocket.protocol;

/** Headers of final, unmasked RFC 6455 frames, as a server sends them (section 5.2). */
final class FrameHeader {
    /** The longest header: opcode, length marker, eight bytes of length. */
    static final int MAX_LENGTH = 10;

    private static final byte FINAL_TEXT = (byte) 0x81;

    private FrameHeader() {}

    static int length(int payload) {
        return payload <= 125 ? 2 : payload <= 0xFFFF ? 4 : MAX_LENGTH;
    }

    /** Writes the header of a text frame and returns the index behind it. */
    static int writeText(byte[] target, int at, int payload) {
        target[at] = FINAL_TEXT;
        if (payload <= 125) {
            target[at + 1] = (byte) payload;
            return at + 2;
        }
        if (payload <= 0xFFFF) {
            target[at + 1] = 126;
            target[at + 2] = (byte) (payload >>> 8);
            target[at + 3] = (byte) payload;
            return at + 4;
        }
        target[at + 1] = 127;
        for (int i = 0; i < 8; i++) {
            target[at + 2 + i] = (byte) ((long) payload >>> (8 * (7 - i)));
        }
        return at + MAX_LENGTH;
    }
}
