package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from any event loop to that of the bridge, and back with the answer.
 *
 * <p>Thread-safe.
 */
final class Crossing {
    private static final Logger log = LoggerFactory.getLogger(Crossing.class);

    private volatile Vertx vertx;
    private volatile Context bridge;

    void open(Vertx owner, Context loop) {
        vertx = owner;
        bridge = loop;
    }

    boolean isOpen() {
        return bridge != null;
    }

    /** Does something on the bridge's loop; the future completes on the caller's. Keeps the order of a caller's calls. */
    <T> Future<T> call(Supplier<Future<T>> work) {
        Context target = bridge;
        if (target == null) {
            return Future.failedFuture(new BrokerUnavailable("the bridge to Redis has not started", 1000, null));
        }
        Context caller = vertx.getOrCreateContext();
        Promise<T> answer = Promise.promise();
        target.runOnContext(there -> work.get().onComplete(done -> comeBack(caller, () -> answer.handle(done))));
        return answer.future();
    }

    private static void comeBack(Context caller, Runnable answer) {
        try {
            caller.runOnContext(here -> answer.run());
        } catch (RejectedExecutionException ended) {
            log.debug("the caller's event loop has ended before the answer came", ended);
        }
    }

    /** Does something on the bridge's loop. */
    void run(Runnable work) {
        Context target = bridge;
        if (target != null) {
            target.runOnContext(there -> work.run());
        }
    }
}
