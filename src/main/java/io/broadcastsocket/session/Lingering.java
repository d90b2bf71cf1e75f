package io.broadcastsocket.session;

import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The visits of this node that are over for those who ask only after a while: a client that comes back meanwhile was never
 * gone. It belongs to no worker, since members must leave also when the worker that they came to is replaced.
 *
 * <p>Thread-safe. Whoever comes back makes a later visit, on whatever node, and then the end of the earlier one does nothing;
 * so nobody has to be asked. An end that the store did not accept is tried again until it does.
 */
public final class Lingering {
    private static final long AGAIN_MS = 1000;

    /** Ends under way at once: many more come together when a node loses all its clients. */
    private static final int MOST_AT_ONCE = 500;

    private record End(String channel, Visit visit, long due) {}

    private final PresenceStore store;
    private final long lingerMs;
    private final InstantSource clock;
    private final Queue<End> ends = new PriorityBlockingQueue<>(11, Comparator.comparingLong(End::due));
    private final AtomicInteger underWay = new AtomicInteger();

    /** Of {@link #expire}, that have not been answered by a look at what is due. */
    private final AtomicInteger calls = new AtomicInteger();

    /** @param lingerMs how long a client whose connection was lost remains a member, milliseconds */
    public Lingering(PresenceStore store, long lingerMs, InstantSource clock) {
        this.store = store;
        this.lingerMs = lingerMs;
        this.clock = clock;
    }

    /** The connection of this visit is lost. */
    void lost(String channel, Visit visit) {
        ends.add(new End(channel, visit, clock.millis() + lingerMs));
    }

    /** The client has left. The future completes also when the store could not be told, which is then tried again. */
    Future<Void> left(String channel, Visit visit) {
        return store.leave(channel, visit)
                .onFailure(failure -> ends.add(new End(channel, visit, clock.millis() + AGAIN_MS)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Ends the visits whose time has come, as many at once as may be, and the rest as those end; called regularly. */
    public void expire() {
        if (calls.getAndIncrement() > 0) {
            // Whoever is at it looks again; a store that answers at once would otherwise call this ever deeper.
            return;
        }
        int seen = 1;
        do {
            endWhatIsDue();
            seen = calls.addAndGet(-seen);
        } while (seen > 0);
    }

    private void endWhatIsDue() {
        long now = clock.millis();
        for (End next = ends.peek();
                next != null && next.due() <= now && underWay.get() < MOST_AT_ONCE;
                next = ends.peek()) {
            if (ends.remove(next)) {
                underWay.incrementAndGet();
                left(next.channel(), next.visit()).onComplete(done -> {
                    if (underWay.getAndDecrement() == MOST_AT_ONCE) {
                        expire();
                    }
                });
            }
        }
    }

    /** Visits that have not ended yet. */
    int size() {
        return ends.size();
    }
}
