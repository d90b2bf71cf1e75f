package io.broadcastsocket.broker;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;

/**
 * Ends a wait on the caller's event loop. {@link Future#timeout} does that only for futures that have a context; those of a plain
 * {@link Promise} would fail on a thread of Netty's.
 */
public final class Deadline {
    private Deadline() {}

    /** The same, but failed when nothing has come for so many milliseconds; on an event loop. */
    public static <T> Future<T> within(Vertx vertx, long ms, Future<T> future) {
        if (future.isComplete()) {
            return future;
        }
        Promise<T> promise = Promise.promise();
        long timer = vertx.setTimer(
                ms, late -> promise.tryFail(new TimeoutException("nothing has come within " + ms + " ms")));
        future.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }
}
