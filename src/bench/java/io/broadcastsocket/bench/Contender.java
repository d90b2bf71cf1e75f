package io.broadcastsocket.bench;

/** A server that takes part. */
enum Contender {
    OURS("broadcast-socket"),
    SEND_LIMIT("S: one send per delivery"),
    COALESCE_LIMIT("K: one send for all pending"),
    NAIVE_NIO("naive Vert.x, NIO"),
    NAIVE_EPOLL("naive Vert.x, epoll"),
    NODE_WS("Node ws");

    final String title;

    Contender(String title) {
        this.title = title;
    }
}
