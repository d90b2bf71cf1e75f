package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.redis.RedisServer;
import org.junit.jupiter.api.Test;

class DeadLetterIT {
    private static final String STREAM = "test:{ingest}";
    private static final String DEAD = "test:{ingest}:dead";

    @Test
    void anEntryIsOneDeadLetterAlsoWhenTheAnswerWasLostAndItIsAskedForAgain() {
        try (RedisServer server = RedisServer.start()) {
            server.cli("XGROUP", "CREATE", STREAM, "nodes", "0", "MKSTREAM");
            String entry = (String) server.cli("XADD", STREAM, "*", "channel", "no channel", "data", "1");
            server.cli("XREADGROUP", "GROUP", "nodes", "holder", "COUNT", "1", "STREAMS", STREAM, ">");
            assertThat(bury(server, entry)).isEqualTo(1);
            assertThat(bury(server, entry)).isZero();
            assertThat((Long) server.cli("XLEN", DEAD)).isEqualTo(1);
            assertThat((Long) server.cli("XLEN", STREAM)).isZero();
        }
    }

    private static long bury(RedisServer server, String entry) {
        String script = Scripts.INGEST_DEAD.text();
        return (Long) server.cli("EVAL", script, "2", STREAM, DEAD, entry, "invalid-channel", "100", "32", "4096");
    }
}
