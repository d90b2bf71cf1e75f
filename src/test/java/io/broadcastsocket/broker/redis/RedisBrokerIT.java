package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerContract;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Redis broker against a real server. */
class RedisBrokerIT extends BrokerContract {
    private static RedisServer server;
    private BridgeNode node;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.cli("FLUSHALL");
        node = BridgeNode.open(server.url(), HISTORY_SIZE);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Override
    protected Broker broker() {
        return node.broker();
    }

    @Override
    protected void loseEverything() {
        server.cli("FLUSHALL");
    }

    @Override
    protected void expireHistories() {
        server.cli("PEXPIRE", "test:{a}:log", "1");
        org.awaitility.Awaitility.await()
                .until(() -> server.cli("EXISTS", "test:{a}:log").equals(0L));
    }

    @Test
    void aChannelIsSubscribedToOnceForAllAndForAWhileAfterTheLast() {
        Broker.Listener one = publication -> {};
        Broker.Listener other = publication -> {};
        append("a", "m");
        long before = server.calls("subscribe");
        await(broker().attach("a", one));
        await(broker().attach("a", other));
        broker().detach("a", one);
        broker().detach("a", other);
        await(broker().attach("a", one));
        assertThat(server.calls("subscribe") - before).isEqualTo(1);
        assertThat(subscribers()).isEqualTo(1);
        broker().detach("a", one);
        Awaitility.await("it lingers, then it ends").until(() -> subscribers() == 0);
    }

    @Test
    void aCrowdThatComesBackSharesAFewReads() {
        for (int i = 1; i <= HISTORY_SIZE; i++) {
            append("a", "m" + i);
        }
        Position top = await(broker().attach("a", publication -> {}));
        long before = server.calls("evalsha");
        List<Future<ReadResult>> reads = IntStream.range(0, 5000)
                .mapToObj(i -> broker().read("a", top.at(i % HISTORY_SIZE), 128))
                .toList();
        for (int i = 0; i < reads.size(); i++) {
            ReadResult.Page page = (ReadResult.Page) await(reads.get(i));
            assertThat(page.publications()).hasSize(HISTORY_SIZE - i % HISTORY_SIZE);
            assertThat(page.publications().get(0).offset()).isEqualTo(i % HISTORY_SIZE + 1);
        }
        // The probe's script runs meanwhile, five times a second.
        assertThat(server.calls("evalsha") - before).isLessThan(50);
    }

    @Test
    void whoeverListensIsToldWhereTheLogIsAfterAConnectionWasLost() {
        List<Position> told = new CopyOnWriteArrayList<>();
        await(broker().attach("a", new Broker.Listener() {
            @Override
            public void announced(Publication publication) {}

            @Override
            public void moved(String channel, Position top) {
                told.add(top);
            }
        }));
        Position top = append("a", "m").position();
        assertThat(told).isEmpty();
        server.cli("CLIENT", "KILL", "TYPE", "pubsub");
        Awaitility.await().untilAsserted(() -> assertThat(told).contains(top));
    }

    private static long subscribers() {
        return (Long) ((List<?>) server.cli("PUBSUB", "NUMSUB", "test:{a}:live")).get(1);
    }
}
