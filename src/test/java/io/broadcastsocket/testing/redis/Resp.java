package io.broadcastsocket.testing.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/** A blocking RESP2 client that opens a connection for each command, so that it survives every restart. */
record Resp(int port, SocketFactory sockets, List<String> authentication) {
    /** An error reply. */
    static final class RedisError extends RuntimeException {
        private static final long serialVersionUID = 1;

        RedisError(String message) {
            super(message);
        }
    }

    Resp {
        authentication = List.copyOf(authentication);
    }

    /**
     * The reply as String, Long, List or null.
     *
     * @throws RedisError the reply is an error
     * @throws UncheckedIOException nothing came within {@code timeoutMs}, or nobody listens
     */
    Object call(int timeoutMs, String... command) {
        try (Socket socket = sockets.createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeoutMs);
            socket.setSoTimeout(timeoutMs);
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            if (!authentication.isEmpty()) {
                socket.getOutputStream().write(encode(authentication));
                read(in);
            }
            socket.getOutputStream().write(encode(List.of(command)));
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(command[0] + " at port " + port, e);
        }
    }

    private static byte[] encode(List<String> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + command.size() + "\r\n"));
        for (String argument : command) {
            byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ascii("$" + bytes.length + "\r\n"));
            out.writeBytes(bytes);
            out.writeBytes(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    private static Object read(DataInputStream in) throws IOException {
        String line = readLine(in);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new RedisError(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> readBulk(in, Integer.parseInt(rest));
            case '*' -> readList(in, Integer.parseInt(rest));
            default -> throw new IOException("no RESP2: " + line);
        };
    }

    private static String readBulk(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        in.readFully(new byte[2]);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<Object> readList(DataInputStream in, int size) throws IOException {
        if (size < 0) {
            return null;
        }
        List<Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(read(in));
        }
        return list;
    }

    private static String readLine(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            line.write(next);
        }
        in.readByte();
        return line.toString(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
