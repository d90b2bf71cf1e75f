package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterSessionStoreTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final CompletableFuture<Void> kept = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aNodeThatStopsWaitsUntilItsSessionsAreKept() throws Exception {
        ClusterSettings settings = ClusterNode.settings("test", 1, List.of(1), 1);
        Crossing crossing = new Crossing();
        ClusterSessionStore store = new ClusterSessionStore(settings, 1000, crossing);
        IMap<?, ?> map = fake(IMap.class, (proxy, method, args) -> kept);
        HazelcastInstance hazelcast = fake(HazelcastInstance.class, (proxy, method, args) -> map);
        Cluster cluster =
                new Cluster(vertx, context, hazelcast, settings, channels -> Future.succeededFuture(Map.of()));
        store.open(cluster, hazelcast, null);
        crossing.open(vertx, context);
        assertThat(isBusy(store)).isFalse();
        Future<Void> save = store.save(new SessionSnapshot("token", "client", Map.of()));
        assertThat(isBusy(store)).isTrue();
        kept.complete(null);
        save.await(10, TimeUnit.SECONDS);
        assertThat(isBusy(store)).isFalse();
    }

    private boolean isBusy(ClusterSessionStore store) throws Exception {
        Promise<Boolean> busy = Promise.promise();
        context.runOnContext(there -> busy.complete(store.isBusy()));
        return busy.future().await(10, TimeUnit.SECONDS);
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
