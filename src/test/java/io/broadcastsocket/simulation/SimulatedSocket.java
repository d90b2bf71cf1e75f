package io.broadcastsocket.simulation;

import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.TextFrames;
import io.netty.buffer.ByteBuf;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Queue;

/** One connection of a client, with a socket buffer that fills and is read at random, or is lost with what is in it. */
final class SimulatedSocket implements Outlet {
    private static final int BUFFER_BYTES = 700;

    final SimulatedClient client;
    final HubShard shard;
    final Subscriber subscriber;
    private final Queue<Runnable> buffered = new ArrayDeque<>();
    private final Queue<Integer> sizes = new ArrayDeque<>();
    private int bytes;
    private boolean closed;

    SimulatedSocket(SimulatedClient client, HubShard shard) {
        this.client = client;
        this.shard = shard;
        this.subscriber = shard.register(this);
    }

    boolean isClosed() {
        return closed;
    }

    void subscribe(String channel) {
        Position known = client.position(channel);
        Start start = known == null ? new Start.Live() : new Start.Since(known);
        shard.join(subscriber, channel, start)
                .onComplete(
                        joined -> {
                            if (closed) {
                                shard.abandon(joined);
                            } else {
                                open(channel, joined);
                            }
                        },
                        refused -> {
                            if (!closed) {
                                subscribe(channel);
                            }
                        });
    }

    private void open(String channel, Joined joined) {
        put(0, () -> client.subscribed(channel, joined.position(), joined.recovered()));
        shard.open(joined);
    }

    /** The client reads the next piece. */
    void read() {
        Runnable piece = buffered.poll();
        if (piece != null) {
            boolean wasFull = !isWritable();
            bytes -= sizes.poll();
            piece.run();
            if (wasFull && isWritable()) {
                shard.writable(subscriber);
            }
        }
    }

    boolean hasUnread() {
        return !buffered.isEmpty();
    }

    /** The connection is cut: what was not read is lost. */
    void cut() {
        closed = true;
        buffered.clear();
        shard.unregister(subscriber);
    }

    @Override
    public String clientId() {
        return client.id;
    }

    @Override
    public boolean isWritable() {
        return !closed && bytes < BUFFER_BYTES;
    }

    @Override
    public void write(String channel, ByteBuf frames, long first) {
        int size = frames.readableBytes();
        long[] offset = {first};
        TextFrames.forEach(frames, text -> {
            long expected = offset[0]++;
            put(0, () -> {
                JsonObject message = new JsonObject(text);
                if (message.getLong("offset") != expected || !channel.equals(message.getString("channel"))) {
                    throw new AssertionError("the outlet was told " + channel + ":" + expected + " but got " + text);
                }
                client.message(channel, expected, message.getLong("data"));
            });
        });
        frames.release();
        put(size, () -> {});
    }

    @Override
    public void flush() {}

    @Override
    public void announce(Gap gap) {
        put(0, () -> client.gap(gap));
    }

    @Override
    public void tooSlow() {
        throw new AssertionError("nothing stalls in simulated time");
    }

    private void put(int size, Runnable piece) {
        buffered.add(piece);
        sizes.add(size);
        bytes += size;
    }
}
