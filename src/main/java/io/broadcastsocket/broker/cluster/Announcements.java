package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who listens on this node, and what other nodes announce to it.
 *
 * <p>Event loop only, except for the counters. The envelopes of a node are numbered; when one is missing, or the node is gone that
 * may have had more to tell, the logs have to be looked at.
 */
final class Announcements implements Peers.Listener {
    private final Map<String, List<Broker.Listener>> listeners = new HashMap<>();

    /** Number of the last envelope, by node. */
    private final Map<String, Long> numbers = new HashMap<>();

    private final Runnable missed;

    // Any thread
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /** @param missed announcements may have got lost */
    Announcements(Runnable missed) {
        this.missed = missed;
    }

    /** Channels that somebody listens to. */
    Set<String> channels() {
        return Set.copyOf(listeners.keySet());
    }

    boolean isHeard(String channel) {
        return listeners.containsKey(channel);
    }

    void add(String channel, Broker.Listener listener) {
        List<Broker.Listener> all = listeners.computeIfAbsent(channel, fresh -> new ArrayList<>(2));
        if (!all.contains(listener)) {
            all.add(listener);
        }
    }

    /** Returns whether nobody is left. */
    boolean remove(String channel, Broker.Listener listener) {
        List<Broker.Listener> all = listeners.get(channel);
        if (all == null || !all.remove(listener) || !all.isEmpty()) {
            return false;
        }
        listeners.remove(channel);
        return true;
    }

    /** Offers a publication to those that listen. */
    void offer(Publication publication) {
        for (Broker.Listener listener : listeners.getOrDefault(publication.channel(), List.of())) {
            listener.announced(publication);
        }
    }

    /** Tells those that listen where the log is, and that they may have missed something. */
    void moved(String channel, Position top) {
        for (Broker.Listener listener : listeners.getOrDefault(channel, List.of())) {
            listener.moved(channel, top);
        }
    }

    /** Takes an envelope of another node. */
    void receive(Buffer buffer) {
        received.incrementAndGet();
        Envelope envelope = Envelope.of(buffer);
        String node = envelope.node();
        long number = envelope.number();
        if (number != numbers.getOrDefault(node, 0L) + 1) {
            lost.incrementAndGet();
            missed.run();
        }
        numbers.put(node, number);
        envelope.forEach(this::isHeard, this::offer);
    }

    /** A node says what the number of its last envelope was. */
    void sentUpTo(String node, long number) {
        Long last = numbers.put(node, number);
        if (number != (last == null ? 0 : last)) {
            lost.incrementAndGet();
            missed.run();
        }
    }

    /** Number of envelopes. */
    long received() {
        return received.get();
    }

    /** How often one was missing. */
    long lost() {
        return lost.get();
    }

    @Override
    public void joined(String node) {
        numbers.remove(node);
    }

    /** It may have appended what it could not announce any more. */
    @Override
    public void left(String node) {
        numbers.remove(node);
        missed.run();
    }
}
