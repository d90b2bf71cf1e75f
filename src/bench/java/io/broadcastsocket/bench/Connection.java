package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One WebSocket client connection of a {@link Swarm}. Confined to the swarm's thread.
 *
 * <p>Bytes are read into the swarm's buffer; only the beginning of a frame whose rest has not arrived is kept here.
 */
final class Connection {
    private static final String ACCEPT_OF_KEY = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final byte[] NOTHING = {};
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;

    final int index;
    final SocketChannel channel;
    FrameSink sink;
    private final Swarm swarm;
    private SelectionKey key;
    private boolean upgraded;
    private boolean closed;
    private byte[] leftover = NOTHING;
    private int leftoverLength;
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    Connection(Swarm swarm, int index, SocketChannel channel, FrameSink sink) {
        this.swarm = swarm;
        this.index = index;
        this.channel = channel;
        this.sink = sink;
    }

    void registeredAs(SelectionKey selectionKey) {
        key = selectionKey;
    }

    boolean isClosed() {
        return closed;
    }

    void connected() throws IOException {
        if (channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            String request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
            send(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Stops reading, so that the kernel's buffers fill and the server feels it. */
    void stall() {
        key.interestOps(0);
    }

    void resume() {
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Reads once what has arrived and hands every whole frame to the sink. Returns when it was read. */
    long read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        buffer.put(leftover, 0, leftoverLength);
        int count = channel.read(buffer);
        long now = System.nanoTime();
        if (count < 0) {
            close("end of stream");
        } else if (count > 0) {
            int end = buffer.position();
            int from = upgraded ? 0 : upgrade(buffer, end);
            keep(buffer, upgraded ? frames(buffer, from, end, now) : from, end);
        }
        return now;
    }

    private int upgrade(ByteBuffer buffer, int end) throws IOException {
        byte[] bytes = new byte[end];
        buffer.get(0, bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        int blank = head.indexOf("\r\n\r\n");
        if (blank < 0) {
            return 0;
        }
        if (!head.startsWith("HTTP/1.1 101") || !head.contains(ACCEPT_OF_KEY)) {
            throw new IOException(
                    "handshake refused: " + head.lines().findFirst().orElse(""));
        }
        upgraded = true;
        swarm.upgraded(this);
        return blank + 4;
    }

    private int frames(ByteBuffer buffer, int from, int end, long now) throws IOException {
        int at = from;
        while (end - at >= 2) {
            int length = buffer.get(at + 1) & 0x7f;
            int head = 2;
            if (length == 126) {
                if (end - at < 4) {
                    break;
                }
                length = buffer.getShort(at + 2) & 0xffff;
                head = 4;
            } else if (length == 127) {
                throw new IOException("a frame of more than 65,535 bytes is not expected");
            }
            if (end - at < head + length) {
                break;
            }
            int opcode = buffer.get(at) & 0xff;
            if (opcode == TEXT) {
                sink.text(this, buffer, at + head, length, now);
            } else {
                control(opcode, buffer, at + head, length);
            }
            at += head + length;
        }
        return at;
    }

    private void control(int opcode, ByteBuffer buffer, int start, int length) throws IOException {
        if (opcode == PING) {
            byte[] payload = new byte[length];
            buffer.get(start, payload);
            send(ClientFrame.of(PONG, payload));
        } else if (opcode == CLOSE) {
            close("close frame, code " + (length >= 2 ? buffer.getShort(start) & 0xffff : 1005));
        } else if (opcode != PONG) {
            throw new IOException("unexpected frame, first byte 0x" + Integer.toHexString(opcode));
        }
    }

    private void keep(ByteBuffer buffer, int from, int end) {
        leftoverLength = end - from;
        if (leftover.length < leftoverLength) {
            leftover = new byte[Math.max(512, leftoverLength)];
        }
        buffer.get(from, leftover, 0, leftoverLength);
    }

    void sendText(String text) throws IOException {
        send(ClientFrame.of(TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes what the socket takes and keeps the rest for when it is writable. Consumes {@code bytes}. */
    void send(ByteBuffer bytes) throws IOException {
        if (closed) {
            return;
        }
        if (!unsent.hasRemaining()) {
            channel.write(bytes);
            if (!bytes.hasRemaining()) {
                return;
            }
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
        append(bytes);
    }

    private void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (unsent.capacity() - unsent.limit() < count) {
            unsent = ByteBuffer.allocate(2 * (unsent.remaining() + count))
                    .put(unsent)
                    .flip();
        }
        int end = unsent.limit();
        unsent.limit(end + count);
        unsent.put(end, bytes, bytes.position(), count);
        bytes.position(bytes.limit());
    }

    void writable() throws IOException {
        channel.write(unsent);
        if (!unsent.hasRemaining()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    void close(String reason) throws IOException {
        if (!closed) {
            closed = true;
            swarm.closed(this, reason);
            channel.close();
        }
    }
}
