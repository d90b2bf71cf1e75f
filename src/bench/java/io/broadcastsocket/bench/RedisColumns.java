package io.broadcastsocket.bench;

import java.util.List;

/** The columns of the scenarios with Redis. */
final class RedisColumns {
    private RedisColumns() {}

    static List<Column> of(Scenario.Mode mode) {
        switch (mode) {
            case REDIS_PUBLISH:
                return List.of(
                        Column.of("publishes/s", "publishesPerSecond", 0),
                        Column.of("µs of Redis's CPU per publish", "redisMicrosPerPublish", 1),
                        Column.of("µs of the publisher's CPU", "publisherMicrosPerPublish", 1),
                        Column.percent("Redis's processor, %", "serverUtilisation"),
                        Column.percent("the publisher's, %", "generatorUtilisation"));
            case REDIS_LATENCY:
                return List.of(
                        Column.of("p50 by round", "p50Ms", 2),
                        Column.of("p99 by round", "p99Ms", 2),
                        Column.percent("server CPU, %", "serverUtilisation"));
            case REDIS_TWO_NODES:
                return List.of(
                        Column.of("p99 by round", "p99Ms", 1),
                        Column.of("publications", "published", 0),
                        Column.of("deliveries", "deliveries", 0),
                        Column.percent("CPU of one node, %", "serverUtilisation"),
                        Column.percent("of the other, %", "otherUtilisation"),
                        Column.percent("of Redis, %", "redisUtilisation"),
                        Column.percent("generator CPU, %", "generatorUtilisation"));
            case REDIS_MEMORY:
                return List.of(
                        Column.of("message of 128 bytes", "bytesPerMessage128", 0),
                        Column.of("with its id", "bytesPerMessage128WithId", 0),
                        Column.of("message of 1,024 bytes", "bytesPerMessage1024", 0),
                        Column.of("with its id", "bytesPerMessage1024WithId", 0),
                        Column.of("idle channel", "bytesPerIdleChannel", 0),
                        Column.of("subscribed channel", "bytesPerSubscribedChannel", 0),
                        Column.of("session of 3 channels", "bytesPerSession", 0));
            case REDIS_CHANNELS:
                return List.of(
                        Column.of("seconds to subscribe", "subscribeSeconds", 2),
                        Column.of("node CPU, s", "subscribeServerCpuSeconds", 2),
                        Column.of("Redis CPU, s", "subscribeBesideCpuSeconds", 2),
                        Column.between("SUBSCRIBE commands", "connected", "subscribed", "redisSubscribes", 1),
                        Column.between("scripts", "connected", "subscribed", "redisScripts", 1),
                        new Column("heap MB before", result -> Figures.value(result, "connected", "heapKb") / 1024, 1),
                        Column.between("resident MB of the node", "connected", "subscribed", "residentKb", 1024),
                        Column.between("heap MB", "connected", "subscribed", "heapKb", 1024),
                        Column.between("MB of Redis", "connected", "subscribed", "redisBytes", 1 << 20),
                        Column.percent("node CPU idle, %", "idleServerUtilisation"),
                        Column.percent("Redis CPU idle, %", "idleBesideUtilisation"),
                        new Column("scripts/s idle", result -> Figures.perIdleSecond(result, "redisScripts"), 0),
                        new Column(
                                "commands/s idle, with those in scripts",
                                result -> Figures.perIdleSecond(result, "redisCommands"),
                                0));
            case REDIS_RECONNECT:
                return List.of(
                        Column.of("clients", "clients", 0),
                        Column.of("messages missed by them", "missed", 0),
                        Column.of("history reads", "reads", 0),
                        Column.of("all scripts", "evalsha", 0),
                        Column.of("seconds until all were connected", "connectedSeconds", 2),
                        Column.of("until the last was served", "servedSeconds", 2));
            default:
                throw new IllegalArgumentException(mode.name());
        }
    }
}
