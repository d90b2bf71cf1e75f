package io.broadcastsocket.hub;

import io.broadcastsocket.model.SessionSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An outlet with its subscriptions.
 *
 * <p>Event loop only. Few subscriptions are found by looking through them; an index is built only beyond that.
 */
public final class Subscriber {
    private static final int INDEX_FROM = 16;
    private static final Subscription[] NONE = {};

    final Outlet outlet;

    /** When it stopped taking messages, milliseconds of the shard's clock; 0 while it takes them. */
    long stalledSince;

    /** Already among those to be flushed at the end of this pass. */
    boolean toFlush;

    /** Already among those that go on with what they have not been written. */
    boolean toResume;

    private Subscription[] subscriptions = NONE;
    private int count;
    private Map<String, Subscription> byChannel;

    Subscriber(Outlet outlet) {
        this.outlet = outlet;
    }

    /** Number of open subscriptions. */
    public int size() {
        return count;
    }

    /** The same without those to the server's own channels. */
    public int channels() {
        int channels = 0;
        for (int i = 0; i < count; i++) {
            channels += subscriptions[i].feed.counts() ? 1 : 0;
        }
        return channels;
    }

    Subscription get(int i) {
        return subscriptions[i];
    }

    /** The subscription to this channel, or null. */
    public Subscription find(String channel) {
        if (byChannel != null) {
            return byChannel.get(channel);
        }
        for (int i = 0; i < count; i++) {
            if (subscriptions[i].channel().equals(channel)) {
                return subscriptions[i];
            }
        }
        return null;
    }

    void add(Subscription subscription) {
        if (count == subscriptions.length) {
            subscriptions = Arrays.copyOf(subscriptions, count < 2 ? count + 1 : count * 2);
        }
        subscriptions[count++] = subscription;
        if (byChannel != null) {
            byChannel.put(subscription.channel(), subscription);
        } else if (count > INDEX_FROM) {
            byChannel = new HashMap<>();
            for (int i = 0; i < count; i++) {
                byChannel.put(subscriptions[i].channel(), subscriptions[i]);
            }
        }
    }

    void remove(Subscription subscription) {
        for (int i = 0; i < count; i++) {
            if (subscriptions[i] == subscription) {
                subscriptions[i] = subscriptions[--count];
                subscriptions[count] = null;
                if (byChannel != null) {
                    byChannel.remove(subscription.channel());
                }
                return;
            }
        }
    }

    /** A ping was sent after everything that was written so far. */
    public void pinged() {
        for (int i = 0; i < count; i++) {
            subscriptions[i].pinged();
        }
    }

    /** The last ping was answered: what was written before it has arrived. */
    public void ponged() {
        for (int i = 0; i < count; i++) {
            subscriptions[i].ponged();
        }
    }

    /** Where each subscription stands. */
    public Map<String, SessionSnapshot.Cursor> snapshot() {
        Map<String, SessionSnapshot.Cursor> cursors = new HashMap<>();
        for (int i = 0; i < count; i++) {
            cursors.put(subscriptions[i].channel(), subscriptions[i].snapshot());
        }
        return cursors;
    }
}
