package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IndeterminateOperationStateException;
import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.NodeCensus;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.broadcastsocket.testing.FreePort;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** A member of a cluster with its adapter, without the rest of a node. */
final class ClusterNode implements AutoCloseable {
    static final long PRESENCE_LINGER_MS = 500;

    private static final int DEADLINE_SECONDS = 30;
    private static final int STARTS = 3;

    /** Sessions that are connected here, by the digest of their token. */
    final Map<String, SessionSnapshot> connected = new ConcurrentHashMap<>();

    private final int historySize;
    private final ClusterMembership membership;
    private final ClusterAdapter adapter;
    private final Vertx vertx;

    private ClusterNode(ClusterSettings settings, int historySize) {
        this.historySize = historySize;
        ChannelRule rule = new ChannelRule(
                new ChannelRule.History(historySize, 1 << 24, 300_000), ChannelRule.SlowConsumer.RELIABLE);
        membership = new ClusterMembership(settings, () -> {});
        adapter = new ClusterAdapter(membership, new ChannelRules(List.of(), rule), 120_000);
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(2)
                .setEventBusOptions(new EventBusOptions().setHost("127.0.0.1"));
        vertx = join(options);
        await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return adapter.open(vertx, context, new Alone(settings.nodeId(), connected));
            }

            @Override
            public Future<?> stop() {
                adapter.close();
                return Future.succeededFuture();
            }
        }));
    }

    /** A member that the others did not confirm in time starts again, as whatever watches over a process would have it. */
    private static ClusterNode start(ClusterSettings settings, int historySize) {
        for (int tries = 1; true; tries++) {
            try {
                return new ClusterNode(settings, historySize);
            } catch (IndeterminateOperationStateException unconfirmed) {
                if (tries == STARTS) {
                    throw unconfirmed;
                }
            }
        }
    }

    private Vertx join(VertxOptions options) {
        try {
            return await(Vertx.builder()
                    .with(options)
                    .withClusterManager(membership.manager())
                    .buildClustered());
        } catch (IndeterminateOperationStateException unconfirmed) {
            membership.hazelcast().getLifecycleService().terminate();
            throw unconfirmed;
        }
    }

    /** So many nodes that are one cluster, whose histories keep so many publications. */
    static List<ClusterNode> open(int nodes, int historySize) {
        List<Integer> ports =
                IntStream.range(0, nodes).mapToObj(i -> FreePort.next()).toList();
        String name = "test-" + UUID.randomUUID();
        List<ClusterNode> all = new ArrayList<>();
        for (int port : ports) {
            all.add(start(settings(name, port, ports, nodes), historySize));
        }
        return all;
    }

    static ClusterSettings settings(String name, int port, List<Integer> ports, int nodes) {
        return new ClusterSettings(
                UUID.randomUUID().toString(),
                name,
                "127.0.0.1",
                "",
                port,
                new ClusterSettings.Join(
                        ClusterSettings.Join.Kind.PEERS,
                        ports.stream().map(each -> "127.0.0.1:" + each).toList(),
                        "224.2.2.3",
                        54327,
                        ""),
                nodes,
                nodes / 2 + 1,
                3000,
                300,
                PRESENCE_LINGER_MS,
                new ClusterSettings.Queue(10_000, 1 << 26, 15_000),
                300_000,
                100_000,
                86_400_000,
                1 << 28,
                "rules");
    }

    Broker broker() {
        return adapter.broker();
    }

    SessionStore sessions() {
        return adapter.sessions();
    }

    PresenceStore presence() {
        return adapter.presence();
    }

    ClusterView view() {
        return adapter.cluster();
    }

    HazelcastInstance hazelcast() {
        return membership.hazelcast();
    }

    String id() {
        return membership.settings().nodeId();
    }

    /** Another life of this node, which has ended, with nothing in its memory. */
    ClusterNode again() {
        ClusterSettings before = membership.settings();
        return start(
                new ClusterSettings(
                        UUID.randomUUID().toString(),
                        before.name(),
                        before.host(),
                        before.publicHost(),
                        before.port(),
                        before.join(),
                        before.members(),
                        before.quorum(),
                        before.failureMs(),
                        before.lingerMs(),
                        before.presenceLingerMs(),
                        before.queue(),
                        before.deduplicationMs(),
                        before.deduplicationEntries(),
                        before.positionMs(),
                        before.historyBytes(),
                        before.rules()),
                historySize);
    }

    /** Ends the member as if its process were killed. */
    void kill() {
        hazelcast().getLifecycleService().terminate();
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Alone(String id, Map<String, SessionSnapshot> connected) implements Local {
        @Override
        public Future<Optional<SessionSnapshot>> surrender(SessionTurn wanted) {
            return Future.succeededFuture(Optional.ofNullable(connected.get(wanted.name()))
                    .filter(session -> wanted.is(session.turn()))
                    .filter(session -> connected.remove(wanted.name(), session)));
        }

        @Override
        public Future<NodeCensus> census() {
            return Future.succeededFuture(new NodeCensus(id, 1, Map.of(), Map.of()));
        }

        @Override
        public Future<Boolean> disconnect(String clientId) {
            return Future.succeededFuture(false);
        }
    }
}
