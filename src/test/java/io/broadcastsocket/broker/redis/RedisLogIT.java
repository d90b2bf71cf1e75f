package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.testing.redis.RedisServer;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in Redis can be other than one node with one configuration would leave it. */
class RedisLogIT {
    private static final String LOG = "test:{a}:log";

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
        node = BridgeNode.open(server.url(), 10);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aPublisherCannotUseUpTheIdsOfTheServer() {
        for (int i = 1; i <= 5; i++) {
            append(node, node.id() + "/" + i, Draft.Identity.PUBLISHER);
        }
        Accepted accepted = append(node, "made-up", Draft.Identity.SERVER);
        assertThat(accepted.position().offset()).isEqualTo(6);
    }

    @Test
    void aHistoryThatWasOffForAWhileHasNoHole() {
        for (int i = 1; i <= 3; i++) {
            append(node, "before" + i, Draft.Identity.PUBLISHER);
        }
        Position last = append(node, "last", Draft.Identity.PUBLISHER).position();
        try (BridgeNode without = BridgeNode.open(server.url(), 0)) {
            append(without, "off1", Draft.Identity.PUBLISHER);
            append(without, "off2", Draft.Identity.PUBLISHER);
        }
        append(node, "on", Draft.Identity.PUBLISHER);

        ReadResult result = await(node.broker().read("a", last, 10));
        assertThat(result).isInstanceOfSatisfying(ReadResult.Unservable.class, trimmed -> assertThat(trimmed.resumeAt())
                .isEqualTo(last.at(6)));
        assertThat(await(node.broker().read("a", last.at(6), 10)))
                .isInstanceOfSatisfying(ReadResult.Page.class, page -> assertThat(page.publications())
                        .hasSize(1));
    }

    // What a read does not show any more is gone from Redis's memory too.

    @Test
    void whatIsTooMuchIsTrimmed() {
        for (int i = 1; i <= 100; i++) {
            append(node, "m" + i, Draft.Identity.PUBLISHER);
        }
        assertThat((Long) server.cli("XLEN", LOG)).isBetween(10L, 20L);
    }

    @Test
    void whatIsTooLargeTogetherIsTrimmed() {
        try (BridgeNode small = BridgeNode.open(server.url(), new ChannelRule.History(100, 10, 300_000))) {
            for (int i = 1; i <= 20; i++) {
                append(small, "m" + i, Draft.Identity.PUBLISHER);
            }
        }
        assertThat((Long) server.cli("XLEN", LOG))
                .as("publications of two bytes")
                .isEqualTo(5);
    }

    @Test
    void whatIsTooOldIsTrimmed() {
        append(node, "m1", Draft.Identity.PUBLISHER);
        server.cli("DEL", LOG);
        server.cli("XADD", LOG, "1-0", "id", "m1", "time", "1", "except", "", "data", "{}");
        for (int i = 2; i <= 10; i++) {
            append(node, "m" + i, Draft.Identity.PUBLISHER);
        }
        assertThat(server.cli("XRANGE", LOG, "-", "+", "COUNT", "1").toString()).startsWith("[[2-0,");
    }

    @Test
    void whatSomebodyElseWroteInPlaceOfAnIdIsRefused() {
        server.cli("SET", "test:{a}:id:m", "no position");
        assertThatThrownBy(() -> append(node, "m", Draft.Identity.PUBLISHER)).isInstanceOf(BrokerUnavailable.class);
        assertThat(node.broker().status().counters()).containsEntry("queueMessages", 0L);
        assertThat(append(node, "other", Draft.Identity.PUBLISHER).position().offset())
                .isEqualTo(1);
    }

    @Test
    void entriesThatSomebodyElseAddedToALogAreNamedAndNotRead() {
        Position last = append(node, "m", Draft.Identity.PUBLISHER).position();
        server.cli("XADD", LOG, "*", "data", "1");
        assertThatThrownBy(() -> append(node, "n", Draft.Identity.PUBLISHER))
                .isInstanceOf(BrokerUnavailable.class)
                .hasMessageContaining("the log holds entries that are not ours");
        assertThat(await(node.broker().read("a", last.at(0), 10)))
                .isInstanceOfSatisfying(ReadResult.Page.class, page -> {
                    assertThat(page.publications()).hasSize(1);
                    assertThat(page.top()).isEqualTo(last);
                });
    }

    @Test
    void aStreamThatIsGoneBeginsAgainAlsoWhenItsLogWasEmpty() {
        append(node, "m1", Draft.Identity.PUBLISHER);
        server.cli("XTRIM", LOG, "MAXLEN", "0");
        server.cli("DEL", "test:{a}:stream");
        assertThat(append(node, "m2", Draft.Identity.PUBLISHER).position().offset())
                .isEqualTo(1);
    }

    private static Accepted append(BridgeNode through, String messageId, Draft.Identity identity) {
        byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
        return await(through.broker().append(new Draft("a", data, messageId, identity, null)));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
