package io.broadcastsocket;

import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.broker.redis.RedisAdapter;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The only verticle that talks to Redis: an event loop with all connections to it.
 *
 * <p>It starts whether Redis is there or not, and stops when nobody needs it any more.
 */
final class RedisBridge extends VerticleBase {
    private final RedisAdapter adapter;
    private final Function<SessionTurn, Future<Void>> surrender;
    private final Supplier<Future<NodeCensus>> census;
    private final BooleanSupplier isNeeded;
    private final long stopMs;

    /**
     * @param surrender saves a session and ends its connection, if this node has it
     * @param census asks this node what it has and does; may fail as long as it starts
     * @param isNeeded whether there are connections that still use it
     * @param stopMs how long it waits for them when it stops
     */
    RedisBridge(
            RedisAdapter adapter,
            Function<SessionTurn, Future<Void>> surrender,
            Supplier<Future<NodeCensus>> census,
            BooleanSupplier isNeeded,
            long stopMs) {
        this.adapter = adapter;
        this.surrender = surrender;
        this.census = census;
        this.isNeeded = isNeeded;
        this.stopMs = stopMs;
    }

    @Override
    public Future<?> start() {
        adapter.open(vertx, context, surrender, census);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        adapter.retire();
        return new Quiescence(vertx, () -> isNeeded.getAsBoolean() || adapter.isBusy(), stopMs)
                .await()
                .compose(free -> adapter.handOver())
                .onComplete(free -> adapter.close());
    }
}
