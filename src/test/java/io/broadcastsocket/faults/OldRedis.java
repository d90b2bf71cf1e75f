package io.broadcastsocket.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that answers as a Redis of an old version does, as far as anybody asks before giving up. */
final class OldRedis implements AutoCloseable {
    private static final String INFO = "# Server\r\nredis_version:5.0.14\r\nrun_id:0\r\nrole:master\r\n";

    private final ServerSocket listener;

    OldRedis() {
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                start(() -> serve(client));
            }
        } catch (IOException closed) {
            // close() has closed it.
        }
    }

    private static void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int words = Integer.parseInt(line.substring(1));
                String command = null;
                for (int i = 0; i < words; i++) {
                    in.readLine();
                    String word = in.readLine();
                    command = command == null ? word : command;
                }
                String answer = "INFO".equalsIgnoreCase(command)
                        ? "$" + INFO.length() + "\r\n" + INFO + "\r\n"
                        : "HELLO".equalsIgnoreCase(command) ? "-ERR unknown command `HELLO`\r\n" : "+OK\r\n";
                client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // Nobody is left to answer.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "old-redis");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
