package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final Position TOP = new Position("e", 7);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Announcements announcements = new Announcements(() -> {});
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Set<String>> asked = new CopyOnWriteArrayList<>();
    private final List<Future<Map<String, Position>>> answers = new CopyOnWriteArrayList<>();
    private final Audit audit = new Audit(vertx, announcements, this::tops);

    @BeforeEach
    void listen() {
        Broker.Listener listener = new Broker.Listener() {
            @Override
            public void announced(Publication publication) {}

            @Override
            public void moved(String channel, Position top) {
                told.add(channel);
            }
        };
        announcements.add("a", listener);
        announcements.add("b", listener);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void whatCouldNotBeLookedAtIsLookedAtAgain() {
        answers.add(Future.succeededFuture(Map.of("a", TOP)));
        answers.add(Future.failedFuture(new BrokerUnavailable("away", 1, null)));
        answers.add(Future.succeededFuture(Map.of("b", TOP)));
        context.runOnContext(here -> audit.start());
        Awaitility.await().until(() -> told.size() == 2);
        assertThat(told).containsExactly("a", "b");
        assertThat(asked).containsExactly(Set.of("a", "b"), Set.of("b"), Set.of("b"));
    }

    private Future<Map<String, Position>> tops(Collection<String> channels) {
        asked.add(Set.copyOf(channels));
        return answers.remove(0);
    }
}
