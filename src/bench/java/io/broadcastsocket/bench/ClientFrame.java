package io.broadcastsocket.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** Encodes frames as a client must send them: masked. */
final class ClientFrame {
    private ClientFrame() {}

    static ByteBuffer of(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
        write(frame, firstByte, payload, payload.length);
        return frame.flip();
    }

    /** Appends a frame with the first {@code length} bytes of {@code payload}, at most 65,535. */
    static void write(ByteBuffer to, int firstByte, byte[] payload, int length) {
        to.put((byte) firstByte);
        if (length < 126) {
            to.put((byte) (0x80 | length));
        } else {
            to.put((byte) (0x80 | 126)).putShort((short) length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        to.putInt(mask);
        for (int i = 0; i < length; i++) {
            to.put((byte) (payload[i] ^ mask >>> (24 - 8 * (i & 3))));
        }
    }
}
