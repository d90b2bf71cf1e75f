package io.broadcastsocket.broker.cluster;

/** This node may not be one of the nodes that it has found; the message says why, and what to do. */
public final class ClusterRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterRefused(String reason) {
        super(reason, null, false, false);
    }
}
