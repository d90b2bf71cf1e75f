package io.broadcastsocket;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.hub.ContextLoop;
import io.broadcastsocket.hub.HubLimits;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.BooleanSupplier;

/** Puts a shard on a verticle's event loop and connects it with the broker over the local bus. */
final class Shards {
    private static final long AUDIT_MS = 1000;

    /** What a bus address ends with at which a shard is told where the log is. */
    private static final String MOVED = ".moved";

    private record Moved(String channel, Position top) {}

    private Shards() {}

    /**
     * A shard that hears announcements at the given bus address once the future completes.
     *
     * @param isCurrent false once another instance has taken its place; nothing is sent to it then
     */
    static Future<HubShard> start(
            Vertx vertx, Context context, Node node, WorkerStats stats, String address, BooleanSupplier isCurrent) {
        ServerConfig.SlowConsumer slow = node.config().slowConsumer();
        Broker.Listener listener = new Broker.Listener() {
            @Override
            public void announced(Publication publication) {
                if (isCurrent.getAsBoolean()) {
                    node.bus().send(address, publication);
                }
            }

            @Override
            public void moved(String channel, Position top) {
                if (isCurrent.getAsBoolean()) {
                    node.bus().send(address + MOVED, new Moved(channel, top));
                }
            }
        };
        HubShard shard = new HubShard(
                node.broker(),
                listener,
                node.config().channels(),
                new HubLimits(slow.tailBytes(), slow.writeBytes(), slow.stalledMs()),
                new ContextLoop(context),
                node.clock(),
                stats);
        MessageConsumer<Publication> consumer = node.bus().consume(address, message -> shard.announced(message.body()));
        MessageConsumer<Moved> moves = node.bus()
                .consume(
                        address + MOVED,
                        message -> shard.moved(
                                message.body().channel(), message.body().top()));
        vertx.setPeriodic(AUDIT_MS, timer -> shard.audit());
        // Not by Future.all, whose future would complete on no context at all.
        return consumer.completion().compose(listening -> moves.completion()).map(shard);
    }
}
