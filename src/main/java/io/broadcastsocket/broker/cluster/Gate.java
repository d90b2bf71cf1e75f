package io.broadcastsocket.broker.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets so many things be under way, and the others wait for their turn: members that are asked too much at once confirm too late, are
 * asked again, and have even more to do. Channels take turns, so those who want a lot of one do not hold up the others.
 *
 * <p>Event loop only.
 */
final class Gate {
    private final int most;

    /** By channel; the one whose turn is next first. */
    private final Map<String, Deque<Runnable>> waiting = new LinkedHashMap<>();

    private int underWay;
    private boolean letting;

    Gate(int most) {
        this.most = most;
    }

    /** Begins when there is room, in the order of the calls for a channel. */
    <T> Future<T> pass(String channel, Supplier<Future<T>> begin) {
        Promise<T> promise = Promise.promise();
        waiting.computeIfAbsent(channel, first -> new ArrayDeque<>(2)).add(() -> begin(begin, promise));
        next();
        return promise.future();
    }

    private <T> void begin(Supplier<Future<T>> begin, Promise<T> promise) {
        underWay++;
        // Composed, so that what throws makes room like what fails.
        Future.succeededFuture().compose(start -> begin.get()).onComplete(done -> {
            underWay--;
            promise.handle(done);
            next();
        });
    }

    /** In a loop and not by recursion, however many fail at once. */
    private void next() {
        if (letting) {
            return;
        }
        letting = true;
        try {
            while (underWay < most && !waiting.isEmpty()) {
                take().run();
            }
        } finally {
            letting = false;
        }
    }

    private Runnable take() {
        Iterator<Map.Entry<String, Deque<Runnable>>> channels =
                waiting.entrySet().iterator();
        Map.Entry<String, Deque<Runnable>> first = channels.next();
        channels.remove();
        Runnable turn = first.getValue().poll();
        if (!first.getValue().isEmpty()) {
            waiting.put(first.getKey(), first.getValue());
        }
        return turn;
    }
}
