package io.broadcastsocket.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads back the texts of frames that {@link PublicationEncoder} wrote, for transports that are no WebSocket. */
public final class TextFrames {
    private TextFrames() {}

    /** Gives each text in order; reads the buffer to its end. */
    public static void forEach(ByteBuf frames, Consumer<String> text) {
        while (frames.isReadable()) {
            frames.skipBytes(1);
            int length = frames.readByte() & 0x7F;
            if (length == 126) {
                length = frames.readUnsignedShort();
            } else if (length == 127) {
                length = (int) frames.readLong();
            }
            text.accept(frames.readCharSequence(length, StandardCharsets.UTF_8).toString());
        }
    }
}
