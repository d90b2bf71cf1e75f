package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.RedisUrl;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The bridge of a node to Redis, without the rest of the node. */
final class BridgeNode implements AutoCloseable {
    static final long LEASE_MS = 1000;
    static final long LINGER_MS = 200;

    private static final RedisSettings.Queue QUEUE = new RedisSettings.Queue(10_000, 1 << 26, 15_000);

    /** Sessions that are connected here, by the digest of their token. */
    final Map<String, SessionSnapshot> connected = new ConcurrentHashMap<>();

    private final Vertx vertx = Vertx.vertx();
    private final RedisAdapter adapter;
    private volatile Context context;
    private final String nodeId = UUID.randomUUID().toString();

    private BridgeNode(String url, ChannelRule.History history, RedisSettings.Queue queue) {
        ChannelRule rule = new ChannelRule(history, ChannelRule.SlowConsumer.RELIABLE);
        adapter = new RedisAdapter(
                new RedisSettings(
                        RedisUrl.parse(url),
                        nodeId,
                        "test",
                        "",
                        200,
                        500,
                        2000,
                        300,
                        queue,
                        300_000,
                        86_400_000,
                        new RedisSettings.Presence(LEASE_MS, LINGER_MS),
                        false,
                        65_536),
                new ChannelRules(List.of(), rule),
                120_000);
        deploy();
    }

    /** Opens with histories of so many publications. */
    static BridgeNode open(String url, int historySize) {
        return open(url, historySize, QUEUE);
    }

    static BridgeNode open(String url, int historySize, RedisSettings.Queue queue) {
        return new BridgeNode(url, new ChannelRule.History(historySize, 1 << 24, 300_000), queue);
    }

    static BridgeNode open(String url, ChannelRule.History history) {
        return new BridgeNode(url, history, QUEUE);
    }

    private void deploy() {
        try {
            vertx.deployVerticle(new AbstractVerticle() {
                        @Override
                        public void start() {
                            BridgeNode.this.context = context;
                            adapter.open(
                                    vertx,
                                    context,
                                    wanted -> {
                                        SessionSnapshot session = connected.get(wanted.name());
                                        return session != null
                                                        && wanted.is(session.turn())
                                                        && connected.remove(wanted.name(), session)
                                                ? sessions().save(session)
                                                : Future.succeededFuture();
                                    },
                                    () -> Future.failedFuture("there is no node"));
                        }

                        @Override
                        public void stop() {
                            adapter.close();
                        }
                    })
                    .await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    Broker broker() {
        return adapter.broker();
    }

    PresenceStore presence() {
        return adapter.presence();
    }

    /** Leaves its members to others, as a node that stops. */
    void handOver() {
        onLoop(adapter::handOver);
    }

    /** Waits until everything that was asked of it before has come to its event loop. */
    void awaitArrival() {
        onLoop(Future::succeededFuture);
    }

    private void onLoop(Supplier<Future<Void>> work) {
        try {
            Promise<Void> done = Promise.promise();
            context.runOnContext(there -> work.get().onComplete(done));
            done.future().await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    SessionStore sessions() {
        return adapter.sessions();
    }

    String id() {
        return nodeId;
    }

    @Override
    public void close() {
        try {
            vertx.close().await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
