package io.broadcastsocket.broker.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Lets so many things be under way, and the others wait for their turn: members that are asked too much at once confirm too late, are
 * asked again, and have even more to do.
 *
 * <p>Event loop only.
 */
final class Gate {
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    Gate(int most) {
        this.most = most;
    }

    /** Begins when there is room, in the order of the calls. */
    <T> Future<T> pass(Supplier<Future<T>> begin) {
        Promise<T> promise = Promise.promise();
        Runnable turn = () -> {
            underWay++;
            begin.get().onComplete(done -> {
                underWay--;
                promise.handle(done);
                next();
            });
        };
        waiting.add(turn);
        next();
        return promise.future();
    }

    private void next() {
        while (underWay < most && !waiting.isEmpty()) {
            waiting.poll().run();
        }
    }
}
