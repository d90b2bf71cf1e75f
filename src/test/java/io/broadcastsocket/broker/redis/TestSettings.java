package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.RedisUrl;

/** Settings for tests of single parts of the bridge. */
final class TestSettings {
    /** So long that no test lives to see its end. */
    static final long LEASE_MS = 60_000;

    private TestSettings() {}

    /** Of a node called {@code node}, with keys that begin with {@code test}. */
    static RedisSettings of(int port, long deadlineMs) {
        return new RedisSettings(
                RedisUrl.parse("redis://127.0.0.1:" + port),
                "node",
                "test",
                "",
                200,
                deadlineMs,
                20_000,
                300,
                new RedisSettings.Queue(1000, 1 << 20, 15_000),
                300_000,
                86_400_000,
                new RedisSettings.Presence(LEASE_MS, 200),
                false,
                65_536);
    }
}
