package io.broadcastsocket.broker.cluster;

import java.util.List;

/**
 * How this node is part of a cluster.
 *
 * @param nodeId id of this node's life
 * @param name nodes with the same name are one cluster
 * @param host address that the ports of the cluster are bound to
 * @param publicHost address under which other nodes reach them; empty for {@code host}
 * @param port of the member, for Hazelcast
 * @param join how nodes find each other
 * @param members how many nodes there are when all are there
 * @param quorum fewer nodes than these accept nothing
 * @param failureMs a node that is silent for so long is dead
 * @param lingerMs how long other nodes are told that a channel is wanted after its last subscriber
 * @param presenceLingerMs how long the members of a node that has left stay
 * @param queue bounds of the publications that wait for the log
 * @param deduplicationMs how long a publisher's message id is remembered
 * @param deduplicationEntries most ids remembered per channel
 * @param positionMs how long epoch and top of an unused channel outlive its history
 * @param historyBytes bytes of all histories on this node above which the oldest publications go early
 * @param rules a word that is the same on nodes with the same rules
 */
public record ClusterSettings(
        String nodeId,
        String name,
        String host,
        String publicHost,
        int port,
        Join join,
        int members,
        int quorum,
        long failureMs,
        long lingerMs,
        long presenceLingerMs,
        Queue queue,
        long deduplicationMs,
        int deduplicationEntries,
        long positionMs,
        long historyBytes,
        String rules) {
    /**
     * How nodes find each other.
     *
     * @param peers addresses as {@code host} or {@code host:port}; for {@link Kind#PEERS}
     * @param group address and port of the multicast group; for {@link Kind#MULTICAST}
     * @param service DNS name of a headless service; for {@link Kind#KUBERNETES}
     */
    public record Join(Kind kind, List<String> peers, String group, int groupPort, String service) {
        /** Where the addresses come from. */
        public enum Kind {
            PEERS,
            MULTICAST,
            KUBERNETES
        }

        public Join {
            peers = List.copyOf(peers);
        }
    }

    /**
     * Bounds of the publications that wait for the log; whichever is reached first.
     *
     * @param messages most publications
     * @param bytes most bytes of their data
     * @param ms longest wait, milliseconds
     */
    public record Queue(int messages, long bytes, long ms) {}

    Standing standing() {
        return new Standing(members, quorum);
    }
}
