package io.broadcastsocket.broker.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The publications for one slot, in the order in which they came.
 *
 * <p>Event loop only; pure. Many are under way at once, all of them on one link. When one has to be sent again, nothing more
 * is sent until all that are under way have come back; then those that failed go again, in their order, before the others.
 */
final class Lane {
    /** Publications under way: enough to fill the time of a round trip. */
    private static final int WINDOW = 1024;

    /**
     * A publication that is sent.
     *
     * @param predecessor the one before it on its channel, if its answer has not come yet
     */
    record Departure(RedisLink link, Pending pending, Optional<Pending> predecessor) {}

    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final List<Pending> again = new ArrayList<>();

    /** The last one under way on each channel. */
    private final Map<String, Pending> newest = new HashMap<>();

    private int underWay;
    private RedisLink link;

    void add(Pending pending) {
        waiting.add(pending);
    }

    /** The next to be sent on this link, which is under way then; null when none may be sent there now. */
    Departure next(RedisLink target) {
        boolean elsewhere = underWay > 0 && link != target;
        if (elsewhere || !again.isEmpty() || underWay >= WINDOW || waiting.isEmpty()) {
            return null;
        }
        link = target;
        underWay++;
        Pending pending = waiting.poll();
        Pending before = newest.put(pending.draft().channel(), pending);
        return new Departure(target, pending, Optional.ofNullable(before));
    }

    /** One that was under way is done with. */
    void done(Pending pending) {
        arrived(pending);
        requeue();
    }

    /** One that was under way has to be sent again. Those under way come back in the order in which they were sent. */
    void retry(Pending pending) {
        arrived(pending);
        again.add(pending);
        requeue();
    }

    /** Takes out those that have waited too long. */
    List<Pending> overdue(long now) {
        List<Pending> overdue = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().until() <= now) {
            overdue.add(waiting.poll());
        }
        return overdue;
    }

    boolean isEmpty() {
        return underWay == 0 && waiting.isEmpty() && again.isEmpty();
    }

    private void arrived(Pending pending) {
        underWay--;
        newest.remove(pending.draft().channel(), pending);
    }

    private void requeue() {
        if (underWay == 0) {
            for (int i = again.size() - 1; i >= 0; i--) {
                waiting.addFirst(again.get(i));
            }
            again.clear();
        }
    }
}
