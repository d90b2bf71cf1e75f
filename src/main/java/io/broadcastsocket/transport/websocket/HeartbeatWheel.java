package io.broadcastsocket.transport.websocket;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A timing wheel: each connection stays in one slot, the slot that was current when it came, and is pinged each time the
 * wheel comes round. No timer and no object per connection.
 *
 * <p>Event loop only; pure but for the connections: the owner calls {@link #tick} once per {@link #tickMs}.
 */
final class HeartbeatWheel {
    private static final int TICK_MS = 500;

    private final List<List<WebSocketConnection>> slots;
    private final int timeoutTicks;
    private int now;
    private int size;

    /**
     * @param intervalMs between two pings of a connection
     * @param timeoutMs from a ping to the moment when a connection without any answer is dead; at most the interval
     */
    HeartbeatWheel(long intervalMs, long timeoutMs) {
        int ticks = Math.max(2, (int) (intervalMs / tickMs(intervalMs)));
        slots = new ArrayList<>(ticks);
        for (int i = 0; i < ticks; i++) {
            slots.add(new ArrayList<>(0));
        }
        timeoutTicks = (int) Math.min(ticks - 1, Math.max(1, timeoutMs / tickMs(intervalMs)));
    }

    /** Milliseconds between two ticks. */
    static long tickMs(long intervalMs) {
        return Math.max(1, Math.min(TICK_MS, intervalMs / 4));
    }

    int size() {
        return size;
    }

    void add(WebSocketConnection connection) {
        connection.wheelSlot = now;
        List<WebSocketConnection> slot = slots.get(now);
        connection.wheelIndex = slot.size();
        slot.add(connection);
        size++;
    }

    void remove(WebSocketConnection connection) {
        List<WebSocketConnection> slot = slots.get(connection.wheelSlot);
        WebSocketConnection last = slot.remove(slot.size() - 1);
        if (last != connection) {
            slot.set(connection.wheelIndex, last);
            last.wheelIndex = connection.wheelIndex;
        }
        size--;
    }

    /**
     * Moves on by one slot.
     *
     * @param pings the ping of this tick
     * @param number what it carries
     * @param dead gets the connections that did not answer their last ping; may remove them
     */
    void tick(ByteBuf pings, int number, Consumer<WebSocketConnection> dead) {
        now = (now + 1) % slots.size();
        List<WebSocketConnection> overdue = slots.get(Math.floorMod(now - timeoutTicks, slots.size()));
        for (int i = overdue.size() - 1; i >= 0; i--) {
            if (overdue.get(i).isDead()) {
                dead.accept(overdue.get(i));
            }
        }
        for (WebSocketConnection connection : slots.get(now)) {
            connection.ping(pings, number);
        }
    }

    /** All connections, as they are now. */
    List<WebSocketConnection> all() {
        List<WebSocketConnection> all = new ArrayList<>(size);
        slots.forEach(all::addAll);
        return all;
    }
}
