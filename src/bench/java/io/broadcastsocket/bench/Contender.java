package io.broadcastsocket.bench;

/** A server that takes part. */
enum Contender {
    OURS("broadcast-socket"),
    SEND_LIMIT("S: one send per delivery"),
    COALESCE_LIMIT("K: one send for all pending"),
    NAIVE_NIO("naive Vert.x, NIO"),
    NAIVE_EPOLL("naive Vert.x, epoll"),
    NODE_WS("Node ws"),
    OURS_REDIS("broadcast-socket with Redis"),
    BRIDGE("the bridge alone"),
    REDIS_BENCHMARK("redis-benchmark, same script");

    final String title;

    Contender(String title) {
        this.title = title;
    }

    /** Whether it is this repository's code that is measured. */
    boolean isOurs() {
        return this == OURS || this == OURS_REDIS || this == BRIDGE;
    }
}
