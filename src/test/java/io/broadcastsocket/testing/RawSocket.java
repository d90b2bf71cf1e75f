package io.broadcastsocket.testing;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A TCP connection that speaks WebSocket as badly as a test wants; every read has a deadline. */
public final class RawSocket implements AutoCloseable {
    /** A frame that came from the server. */
    public record Frame(int opcode, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The status of a close frame, -1 without one. */
        public int closeStatus() {
            return payload.length < 2 ? -1 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }
    }

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int DEADLINE_MS = 10_000;
    private static final byte[] MASK = {1, 2, 3, 4};

    private final Socket socket;
    private final DataInputStream in;

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** Only connects. */
    public static RawSocket connect(int port) {
        try {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(DEADLINE_MS);
            socket.setTcpNoDelay(true);
            return new RawSocket(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, shakes hands and reads the welcome. */
    public static RawSocket open(int port) {
        RawSocket raw = connect(port);
        raw.write(handshake(""));
        raw.readHead();
        raw.readFrame();
        return raw;
    }

    /** A right handshake with more header lines. */
    public static byte[] handshake(String moreHeaders) {
        return ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + moreHeaders
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A masked final frame. */
    public static byte[] frame(int opcode, byte[] payload) {
        return frame(0x80 | opcode, payload, true);
    }

    /** A frame with any first byte, masked or not. */
    public static byte[] frame(int firstByte, byte[] payload, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(firstByte);
        int mask = masked ? 0x80 : 0;
        if (payload.length <= 125) {
            out.write(mask | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(mask | 126);
            out.write(payload.length >>> 8);
            out.write(payload.length);
        } else {
            out.write(mask | 127);
            for (int i = 7; i >= 0; i--) {
                out.write((int) ((long) payload.length >>> (8 * i)));
            }
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i & 3] : payload[i]);
        }
        return out.toByteArray();
    }

    public static byte[] text(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void send(String text) {
        write(text(text));
    }

    /** Reads an HTTP response's head; gives its first line. */
    public String readHead() {
        try {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(in.readByte());
            }
            String text = head.toString(StandardCharsets.US_ASCII);
            return text.substring(0, text.indexOf('\r'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame, or null at the end of the stream. */
    public Frame readFrame() {
        try {
            int opcode = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte() & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = (int) in.readLong();
            }
            return new Frame(opcode, in.readNBytes(length));
        } catch (EOFException | SocketException end) {
            return null;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no frame came", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next text that is no ping. */
    public JsonObject readMessage() {
        while (true) {
            Frame frame = readFrame();
            if (frame == null || frame.opcode() == CLOSE) {
                throw new AssertionError("closed with " + (frame == null ? "nothing" : frame.closeStatus()));
            }
            if (frame.opcode() == TEXT) {
                JsonObject message = new JsonObject(frame.text());
                if (!message.getString("type").equals("ping")) {
                    return message;
                }
            }
        }
    }

    /** Reads until the close frame; gives its status, or 1006 when the stream ends without one. */
    public int readClose() {
        while (true) {
            Frame frame = readFrame();
            if (frame == null) {
                return 1006;
            }
            if (frame.opcode() == CLOSE) {
                return frame.closeStatus();
            }
        }
    }

    /** Waits until the server closes the connection, whatever comes before. */
    public void awaitEnd() {
        while (readFrame() != null) {
            // What still comes is of no interest.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
