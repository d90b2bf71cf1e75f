package io.broadcastsocket;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;

/**
 * Waits until nobody needs something any more, before it is closed.
 *
 * <p>Event loop only.
 */
final class Quiescence {
    private static final long LOOK_MS = 20;

    private final Vertx vertx;
    private final BooleanSupplier isNeeded;
    private final long deadline;

    /** @param mostMs how long it waits, milliseconds from now */
    Quiescence(Vertx vertx, BooleanSupplier isNeeded, long mostMs) {
        this.vertx = vertx;
        this.isNeeded = isNeeded;
        this.deadline = System.nanoTime() + mostMs * 1_000_000;
    }

    /** A connection that has just ended may still save its session: nobody may need it at two looks. */
    Future<Void> await() {
        return untilFree().compose(free -> vertx.timer(LOOK_MS)).compose(later -> untilFree());
    }

    private Future<Void> untilFree() {
        return isNeeded.getAsBoolean() && System.nanoTime() < deadline
                ? vertx.timer(LOOK_MS).compose(later -> untilFree())
                : Future.succeededFuture();
    }
}
