package io.broadcastsocket.verify.deployment;

import java.util.List;

/** All nodes on 127.0.0.1. */
final class OnLoopback implements Placement {
    private static final String HOST = "127.0.0.1";

    @Override
    public List<String> prefix(int node) {
        return List.of();
    }

    @Override
    public String clientHost(int node) {
        return HOST;
    }

    @Override
    public String clusterHost(int node) {
        return HOST;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
