package io.broadcastsocket.verify.deployment;

import java.util.List;

/** Where local nodes run: what they are started with, and the addresses they have. Nodes count from 0. */
interface Placement extends AutoCloseable {
    /** What comes before the command that starts a node. */
    List<String> prefix(int node);

    /** The address at which clients reach a node. */
    String clientHost(int node);

    /** The address at which other nodes reach it. */
    String clusterHost(int node);

    @Override
    void close();
}
