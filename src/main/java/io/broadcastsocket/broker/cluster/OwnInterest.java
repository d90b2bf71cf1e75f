package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels this node wants announcements of, and telling the other nodes.
 *
 * <p>Event loop only. A node that does not know what this one wants announces everything to it, so ignorance costs traffic and
 * nothing else. Changes go out together at the end of a tick, one question to each node at a time; whatever goes wrong is made
 * good by sending the whole set.
 *
 * <pre>
 * ask  interest {version, base, add, remove}   changes after the base   → {version}, or {version: -1}: send all
 *      interest {version, all}                 the whole set            → {version}
 * </pre>
 */
final class OwnInterest implements Peers.Listener {
    static final String QUESTION = "interest";

    private static final long ANSWER_MS = 1000;
    private static final int MOST_CHANGES = 10_000;

    private record Change(long version, String channel, boolean added) {}

    private record Waiter(long version, Promise<Void> promise) {}

    private static final class Told {
        /** It has all changes up to here. */
        long version;

        /** It knows nothing of this node. */
        boolean announcesAll = true;

        /** It has to be sent the whole set. */
        boolean needsAll = true;

        boolean asking;
    }

    private final Vertx vertx;
    private final Context context;
    private final PeerBus bus;
    private final long lingerMs;
    private final Runnable missed;
    private final Interest own = new Interest();
    private final Deque<Change> changes = new ArrayDeque<>();
    private final Map<String, Told> peers = new HashMap<>();

    /** In the order of their versions. */
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    /** Channels that nobody wants any more, and since when (nanoseconds); the longest first. */
    private final Map<String, Long> lingering = new LinkedHashMap<>();

    /** Version of the last wish that was not waited for until all other nodes had heard of it. */
    private long unheard;

    private boolean tellScheduled;

    // Any thread
    private volatile int size;

    /** @param missed what other nodes have appended may not have been announced */
    OwnInterest(Vertx vertx, Context context, PeerBus bus, long lingerMs, Runnable missed) {
        this.vertx = vertx;
        this.context = context;
        this.bus = bus;
        this.lingerMs = lingerMs;
        this.missed = missed;
    }

    Interest set() {
        return own;
    }

    /** Wants a channel; completes when the other nodes announce it, or after a moment when one does not answer. */
    Future<Void> want(String channel) {
        lingering.remove(channel);
        if (own.add(channel)) {
            changed(channel, true);
        }
        if (own.version() <= everywhere()) {
            return Future.succeededFuture();
        }
        Waiter waiter = new Waiter(own.version(), Promise.promise());
        waiters.add(waiter);
        return Deadline.within(vertx, ANSWER_MS, waiter.promise().future()).otherwise(late -> goOn(waiter));
    }

    /** Not waited for any longer: when all have heard of it at last, the logs have to be looked at. */
    private Void goOn(Waiter waiter) {
        waiters.remove(waiter);
        unheard = Math.max(unheard, waiter.version());
        return null;
    }

    /** How many channels are wanted; any thread. */
    int size() {
        return size;
    }

    /** Whether a node should know the set by now, as it is. */
    boolean isTold(String node) {
        Told peer = peers.get(node);
        return peer != null && !peer.asking && (peer.needsAll || peer.version == own.version());
    }

    /** Nobody wants a channel any more; the other nodes are told later, if that is still so. */
    void drop(String channel) {
        lingering.put(channel, System.nanoTime());
    }

    /** Ends what has lingered long enough; call regularly. */
    void expire() {
        long oldest = System.nanoTime() - lingerMs * 1_000_000;
        Iterator<Map.Entry<String, Long>> entries = lingering.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Long> entry = entries.next();
            if (entry.getValue() - oldest > 0) {
                return;
            }
            entries.remove();
            own.remove(entry.getKey());
            changed(entry.getKey(), false);
        }
    }

    @Override
    public void joined(String node) {
        peers.put(node, new Told());
        tellSoon();
    }

    @Override
    public void left(String node) {
        peers.remove(node);
        settle();
    }

    /**
     * A node says that it does not know what this one wants, so that from now on it announces everything; before, it may have
     * gone by another set.
     */
    void forgotten(String node) {
        Told peer = peers.get(node);
        if (peer != null && !peer.asking) {
            peer.announcesAll = true;
            peer.needsAll = true;
            tellSoon();
            missed.run();
        }
    }

    /** A node says that it knows what this one wanted at a version: whatever answer got lost, it has taken that. */
    void known(String node, long version) {
        Told peer = peers.get(node);
        if (peer != null && !peer.asking && peer.needsAll) {
            peer.needsAll = false;
            peer.announcesAll = false;
            peer.version = Math.max(peer.version, version);
            settle();
            tellSoon();
        }
    }

    private void changed(String channel, boolean added) {
        size = own.size();
        changes.add(new Change(own.version(), channel, added));
        if (changes.size() > MOST_CHANGES) {
            changes.poll();
        }
        tellSoon();
    }

    private void tellSoon() {
        if (!tellScheduled) {
            tellScheduled = true;
            context.runOnContext(later -> {
                tellScheduled = false;
                List.copyOf(peers.keySet()).forEach(this::tell);
            });
        }
    }

    private void tell(String node) {
        Told peer = peers.get(node);
        if (peer == null || peer.asking || (!peer.needsAll && peer.version == own.version())) {
            return;
        }
        peer.asking = true;
        bus.ask(node, QUESTION, details(peer), ANSWER_MS).onComplete(answer -> {
            if (peers.get(node) != peer) {
                return;
            }
            peer.asking = false;
            long version = answer.succeeded() ? answer.result().getLong("version", -1L) : -1;
            peer.needsAll = version < 0;
            peer.announcesAll = answer.succeeded() && version < 0;
            peer.version = Math.max(peer.version, version);
            settle();
            if (answer.succeeded()) {
                tell(node);
            }
        });
    }

    private JsonObject details(Told peer) {
        JsonObject details = new JsonObject().put("version", own.version());
        Change oldest = changes.peek();
        if (peer.needsAll || oldest == null || oldest.version() > peer.version + 1) {
            if (peer.announcesAll) {
                // From now on it announces everything, or has just this.
                peer.announcesAll = false;
                peer.version = own.version();
                settle();
            }
            return details.put("all", new JsonArray(List.copyOf(own.all())));
        }
        Map<String, Boolean> latest = new LinkedHashMap<>();
        changes.stream()
                .filter(change -> change.version() > peer.version)
                .forEach(change -> latest.put(change.channel(), change.added()));
        JsonArray add = new JsonArray();
        JsonArray remove = new JsonArray();
        latest.forEach((channel, added) -> (added ? add : remove).add(channel));
        return details.put("base", peer.version).put("add", add).put("remove", remove);
    }

    /** The version up to which every node announces what this one wants. */
    private long everywhere() {
        return peers.values().stream()
                .mapToLong(peer -> peer.announcesAll ? Long.MAX_VALUE : peer.version)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Completes those that every node has heard of; and looks for what those may have missed that did not wait for it. */
    private void settle() {
        long everywhere = everywhere();
        while (!waiters.isEmpty() && waiters.peek().version() <= everywhere) {
            waiters.poll().promise().tryComplete();
        }
        if (unheard > 0 && unheard <= everywhere) {
            unheard = 0;
            missed.run();
        }
    }
}
