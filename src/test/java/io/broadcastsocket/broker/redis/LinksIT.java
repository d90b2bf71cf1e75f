package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisServer;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LinksIT {
    @Test
    void aLinkThatIsLostAsSoonAsItIsUpIsOpenedLessAndLessOften() {
        String rules = "bridge on >secret ~* resetchannels &test:probe:* &test:node:* +@all";
        try (RedisServer server = RedisServer.builder().user(rules).start();
                BridgeNode node = BridgeNode.open("redis://bridge:secret@127.0.0.1:" + server.port(), 10)) {
            long start = System.nanoTime();
            node.broker().attach("news", publication -> {});
            Awaitility.await().until(() -> node.broker().status().counters().get("linkLosses") >= 5);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(700);
            assertThat(node.broker().status().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("lacks a right"));
        }
    }
}
