package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Many clients that join and leave a channel while others begin to watch it. */
final class PresenceCrowd {
    private static final int CLIENTS = 90;

    /** Every third step, somebody who has joined leaves. */
    private static final int LEAVES = 3;

    private PresenceCrowd() {}

    /** Who is there for a client that has got this snapshot and then these pushes. */
    private static final class Watcher {
        private final TestClient client;
        private final Set<String> there = new TreeSet<>();
        private final List<Long> offsets = new ArrayList<>();

        Watcher(TestServer server, String channel) {
            client = server.connect("/", Dialect.SUBPROTOCOL_V1);
            JsonArray members = client.request(new JsonObject()
                            .put("type", "subscribe")
                            .put("channel", channel)
                            .put("presence", true))
                    .getJsonObject("data")
                    .getJsonObject("presence")
                    .getJsonArray("members");
            members.forEach(member -> there.add(((JsonObject) member).getString("clientId")));
        }

        Set<String> there() {
            client.drain().forEach(this::take);
            return there;
        }

        private void take(JsonObject message) {
            String type = message.getString("type");
            if (type.equals("join") || type.equals("leave")) {
                String member = message.getJsonObject("data").getString("clientId");
                if (type.equals("join")) {
                    there.add(member);
                } else {
                    there.remove(member);
                }
                offsets.add(message.getLong("offset"));
            }
        }
    }

    /** Each watcher ends up with those who are there, whenever it began; clients and watchers are on both servers. */
    static void joinsAndLeavesWhileOthersWatch(String channel, TestServer one, TestServer two) {
        List<TestClient> clients = new ArrayList<>();
        List<Watcher> watchers = new ArrayList<>();
        try {
            IntStream.range(0, CLIENTS).forEach(i -> clients.add((i % 2 == 0 ? one : two).connect()));
            CompletableFuture<Void> joining = CompletableFuture.runAsync(() -> joinAndLeave(channel, clients));
            while (!joining.isDone()) {
                watchers.add(new Watcher(watchers.size() % 2 == 0 ? one : two, channel));
            }
            Set<String> expected = expected(clients);
            assertThat(watchers).isNotEmpty().allSatisfy(watcher -> Awaitility.await()
                    .untilAsserted(() -> assertThat(watcher.there()).isEqualTo(expected)));
            assertThat(watchers)
                    .allSatisfy(
                            watcher -> assertThat(watcher.offsets).isSorted().doesNotHaveDuplicates());
            assertThat(count(one, channel)).isEqualTo(expected.size());
        } finally {
            clients.forEach(TestClient::close);
            watchers.forEach(watcher -> watcher.client.close());
        }
    }

    private static void joinAndLeave(String channel, List<TestClient> clients) {
        JsonObject subscribe = new JsonObject()
                .put("type", "subscribe")
                .put("channel", channel)
                .put("info", 1);
        JsonObject unsubscribe = new JsonObject().put("type", "unsubscribe").put("channel", channel);
        for (int i = 0; i < CLIENTS; i++) {
            clients.get(i).request(subscribe);
            if (i % LEAVES == 0) {
                clients.get(i / 2).request(unsubscribe);
            }
        }
    }

    private static Set<String> expected(List<TestClient> clients) {
        Set<String> there = new TreeSet<>();
        clients.forEach(client -> there.add(client.clientId()));
        IntStream.range(0, CLIENTS)
                .filter(i -> i % LEAVES == 0)
                .forEach(i -> there.remove(clients.get(i / 2).clientId()));
        return there;
    }

    private static long count(TestServer server, String channel) {
        return new JsonObject(
                        server.get("/channels/" + channel + "/presence?limit=0").body())
                .getLong("count");
    }
}
