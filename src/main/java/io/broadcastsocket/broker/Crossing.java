package io.broadcastsocket.broker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from any event loop to that of an adapter, and back with the answer.
 *
 * <p>Thread-safe.
 */
public final class Crossing {
    private static final Logger log = LoggerFactory.getLogger(Crossing.class);

    private volatile Vertx vertx;
    private volatile Context adapter;

    /** From now on there is a way to this loop; before that, calls fail. */
    public void open(Vertx owner, Context loop) {
        vertx = owner;
        adapter = loop;
    }

    public boolean isOpen() {
        return adapter != null;
    }

    /** Does something on the adapter's loop; the future completes on the caller's. Keeps the order of a caller's calls. */
    public <T> Future<T> call(Supplier<Future<T>> work) {
        Context target = adapter;
        if (target == null) {
            return Future.failedFuture(new BrokerUnavailable("the broker has not started", 1000, null));
        }
        Context caller = vertx.getOrCreateContext();
        Promise<T> answer = Promise.promise();
        // Composed, so that what throws fails the answer instead of leaving it open for ever.
        target.runOnContext(there -> Future.succeededFuture()
                .compose(begin -> work.get())
                .onComplete(done -> comeBack(caller, () -> answer.handle(done))));
        return answer.future();
    }

    private static void comeBack(Context caller, Runnable answer) {
        try {
            caller.runOnContext(here -> answer.run());
        } catch (RejectedExecutionException ended) {
            log.debug("the caller's event loop has ended before the answer came", ended);
        }
    }

    /** Does something on the adapter's loop. */
    public void run(Runnable work) {
        Context target = adapter;
        if (target != null) {
            target.runOnContext(there -> work.run());
        }
    }
}
