package io.broadcastsocket.bench;

/** A server that takes part. */
enum Contender {
    OURS("broadcast-socket"),
    SEND_LIMIT("S: one send per delivery"),
    COALESCE_LIMIT("K: one send for all pending"),
    NAIVE_NIO("naive Vert.x, NIO"),
    NAIVE_EPOLL("naive Vert.x, epoll"),
    NODE_WS("Node ws"),
    OURS_2("broadcast-socket, two nodes", 2),
    OURS_3("broadcast-socket, three nodes", 3),
    OURS_REDIS("broadcast-socket with Redis"),
    BRIDGE("the bridge alone"),
    REDIS_BENCHMARK("redis-benchmark, same script");

    final String title;

    /** How many processes it has, all of one cluster. */
    final int nodes;

    Contender(String title) {
        this(title, 1);
    }

    Contender(String title, int nodes) {
        this.title = title;
        this.nodes = nodes;
    }

    /** Whether it is one or several processes of the server that this repository builds. */
    boolean isServerUnderTest() {
        return this == OURS || this == OURS_REDIS || nodes > 1;
    }

    /** Whether it is this repository's code that is measured. */
    boolean isOurs() {
        return isServerUnderTest() || this == BRIDGE;
    }
}
