package io.broadcastsocket.testing;

import io.broadcastsocket.testing.TcpProxy.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link TcpProxy}: in each direction a thread reads and another writes, maybe later. */
final class ProxiedConnection {
    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Chunk(Kind kind, byte[] bytes, long dueNanos) {}

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static final int CHUNK_BYTES = 16 * 1024;
    /** Little, so that a held direction makes its sender wait as a real one does. */
    private static final int QUEUED_CHUNKS = 16;

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final int target;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger openDirections = new AtomicInteger(2);
    private volatile boolean closed;

    ProxiedConnection(TcpProxy proxy, Socket client, int target) {
        this.proxy = proxy;
        this.client = client;
        this.target = target;
    }

    void start() {
        spawn(this::connect);
    }

    /** Ends it on both sides with RST. */
    void reset() {
        close(0);
    }

    /** The port from which the server sees it coming. */
    int serverSidePort() {
        return server.getLocalPort();
    }

    private void connect() throws IOException, InterruptedException {
        client.setTcpNoDelay(true);
        proxy.awaitPassage(this, Direction.TO_SERVER, System.nanoTime());
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            server.setTcpNoDelay(true);
        } catch (IOException refused) {
            reset();
            return;
        }
        carry(client, server, Direction.TO_SERVER);
        carry(server, client, Direction.TO_CLIENT);
    }

    private void carry(Socket from, Socket to, Direction direction) {
        BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(QUEUED_CHUNKS);
        spawn(() -> read(from, chunks));
        spawn(() -> write(chunks, to, direction));
    }

    private void read(Socket from, BlockingQueue<Chunk> chunks) throws InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        Kind kind = Kind.BYTES;
        while (kind == Kind.BYTES) {
            int count = 0;
            try {
                count = from.getInputStream().read(buffer);
                kind = count < 0 ? Kind.END : Kind.BYTES;
            } catch (IOException e) {
                kind = Kind.RESET;
            }
            chunks.put(
                    new Chunk(kind, Arrays.copyOf(buffer, Math.max(0, count)), System.nanoTime() + proxy.delayNanos()));
        }
    }

    private void write(BlockingQueue<Chunk> chunks, Socket to, Direction direction)
            throws IOException, InterruptedException {
        Chunk chunk = chunks.take();
        proxy.awaitPassage(this, direction, chunk.dueNanos());
        while (chunk.kind() == Kind.BYTES) {
            to.getOutputStream().write(chunk.bytes());
            chunk = chunks.take();
            proxy.awaitPassage(this, direction, chunk.dueNanos());
        }
        if (chunk.kind() == Kind.RESET) {
            reset();
        } else if (openDirections.decrementAndGet() == 0) {
            close(-1);
        } else {
            to.shutdownOutput();
        }
    }

    private void close(int lingerSeconds) {
        closed = true;
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(lingerSeconds >= 0, Math.max(0, lingerSeconds));
                socket.close();
            } catch (IOException alreadyClosed) {
                // Then there is nothing to close.
            }
        }
        threads.forEach(Thread::interrupt);
        proxy.ended(this);
    }

    private void spawn(Step step) {
        Thread thread = new Thread(() -> run(step), "proxied-connection");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        if (closed) {
            thread.interrupt();
        }
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (IOException gone) {
            // The receiver is gone; the reader of the other direction tells the sender.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
