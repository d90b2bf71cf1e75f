package io.broadcastsocket.verify.deployment;

/**
 * The addresses of a node.
 *
 * @param clientHost where clients reach it, at {@code port}
 * @param clusterHost where its peers reach it, at {@code memberPort}
 */
record NodePlace(String clientHost, int port, int apiPort, String clusterHost, int memberPort) {
    String member() {
        return clusterHost + ":" + memberPort;
    }
}
