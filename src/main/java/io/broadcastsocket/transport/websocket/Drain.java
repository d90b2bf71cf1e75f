package io.broadcastsocket.transport.websocket;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Sends the clients of a worker away: tells them, closes them spread over a while, waits for those that still take what
 * was written, and cuts the rest at the deadline.
 *
 * <p>Event loop only.
 */
public final class Drain {
    private static final long STEP_MS = 20;

    /** Few connections need less than the whole spread. */
    private static final long MS_PER_CONNECTION = 5;

    /** Kept of the deadline for those that have not taken everything by then, to see the close frame at least. */
    private static final long LAST_CALL_MS = 500;

    private final Vertx vertx;
    private final WebSocketGateway gateway;
    private final long mostSpreadMs;
    private final long deadlineMs;
    private long spreadMs;
    private final long startedAt = System.nanoTime();
    private final Promise<Void> done = Promise.promise();
    private List<Runnable> closers = List.of();
    private int closed;

    /**
     * @param spreadMs over how long connections are closed
     * @param deadlineMs when the last one is cut
     */
    public Drain(Vertx vertx, WebSocketGateway gateway, long spreadMs, long deadlineMs) {
        this.vertx = vertx;
        this.gateway = gateway;
        this.mostSpreadMs = spreadMs;
        this.deadlineMs = deadlineMs;
    }

    /** Completes when no connection is left. */
    public Future<Void> start() {
        closers = gateway.closers();
        spreadMs = Math.min(mostSpreadMs, closers.size() * MS_PER_CONNECTION);
        gateway.announceDrain(spreadMs, deadlineMs);
        step();
        return done.future();
    }

    private void step() {
        long elapsed = (System.nanoTime() - startedAt) / 1_000_000;
        if (elapsed >= deadlineMs) {
            gateway.cutAll();
        } else if (elapsed >= deadlineMs - LAST_CALL_MS) {
            gateway.closeAll();
        } else {
            closeSome(elapsed);
        }
        if (gateway.open() == 0 || elapsed >= deadlineMs + LAST_CALL_MS) {
            done.tryComplete();
        } else {
            vertx.setTimer(STEP_MS, timer -> step());
        }
    }

    private void closeSome(long elapsed) {
        int due = spreadMs == 0 ? closers.size() : (int) (closers.size() * Math.min(elapsed, spreadMs) / spreadMs);
        while (closed < due) {
            closers.get(closed++).run();
        }
        if (closed == closers.size() && elapsed >= spreadMs) {
            closers = gateway.closers();
            closers.forEach(Runnable::run);
            closed = closers.size();
        }
    }
}
