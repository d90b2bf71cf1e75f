package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Set<String> unavailable = ConcurrentHashMap.newKeySet();
    private final List<Collection<String>> asked = new CopyOnWriteArrayList<>();
    private final List<String> moved = new CopyOnWriteArrayList<>();
    private final Announcements announcements = new Announcements(() -> {});
    private final Audit audit = new Audit(vertx, announcements, this::tops);

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aSingleLogThatCannotBeHadIsLookedAtAgain() {
        listen("a", "b");
        unavailable.add("b");
        context.runOnContext(there -> audit.start());
        Awaitility.await("a second look").until(() -> asked.size() >= 2);
        assertThat(moved).containsExactly("a");
        assertThat(asked.get(1)).as("what is still to be had").containsExactly("b");
        unavailable.clear();
        Awaitility.await().until(() -> moved.contains("b"));
    }

    @Test
    void whatCannotBeHadDoesNotKeepTheOthersFromBeingLookedAt() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 2 * Tops.MOST; i++) {
            many.add("channel" + i);
        }
        listen(many.toArray(String[]::new));
        unavailable.addAll(List.copyOf(announcements.channels()).subList(0, Tops.MOST));
        context.runOnContext(there -> audit.start());
        Awaitility.await().until(() -> moved.size() >= Tops.MOST);
    }

    private void listen(String... channels) {
        for (String channel : channels) {
            announcements.add(channel, new Broker.Listener() {
                @Override
                public void announced(Publication publication) {}

                @Override
                public void moved(String name, Position top) {
                    moved.add(name);
                }
            });
        }
    }

    private Future<Map<String, Position>> tops(Collection<String> channels) {
        asked.add(List.copyOf(channels));
        Map<String, Position> found = new HashMap<>();
        channels.stream()
                .filter(channel -> !unavailable.contains(channel))
                .forEach(channel -> found.put(channel, new Position("e", 1)));
        return found.isEmpty() ? Future.failedFuture("none") : Future.succeededFuture(found);
    }
}
