package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who listens on this node, and what other nodes announce to it.
 *
 * <p>Event loop only, except for the counters. The envelopes of a node are numbered; when one is missing, the first one comes, since
 * before it the node may not have known that this one is there, or the node is gone that may have had more to tell, the logs have to
 * be looked at.
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
        Long last = numbers.put(node, number);
        compare(last, number - 1);
        envelope.forEach(this::isHeard, this::offer);
    }

    /** A node says what the number of its last envelope was. */
    void sentUpTo(String node, long number) {
        compare(numbers.put(node, number), number);
    }

    private void compare(Long last, long expected) {
        if (expected != (last == null ? 0 : last)) {
            lost.incrementAndGet();
        }
        if (last == null || last != expected) {
            missed.run();
        }
    }

    /** Forgets nodes that are not there: what they sent last may have come after they had left. */
    void retain(Collection<String> nodes) {
        numbers.keySet().retainAll(nodes);
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
