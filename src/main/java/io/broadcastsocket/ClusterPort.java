package io.broadcastsocket;

import io.broadcastsocket.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before a node joins a cluster, at what would only show in the depth of the start otherwise. */
final class ClusterPort {
    private static final Logger log = LoggerFactory.getLogger(ClusterPort.class);

    private ClusterPort() {}

    /** Why the node cannot be part of a cluster; peers that have no address yet may get one. */
    static Optional<String> problem(ServerConfig.Cluster cluster) {
        if (cluster.join() == ServerConfig.Cluster.Join.PEERS) {
            cluster.peers().forEach(ClusterPort::resolve);
        }
        try (ServerSocket socket = new ServerSocket()) {
            InetAddress host = InetAddress.getByName(cluster.host());
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, cluster.port()));
            return host.isAnyLocalAddress() || NetworkInterface.getByInetAddress(host) != null
                    ? Optional.empty()
                    : Optional.of(refusal(cluster, "no network interface has this address"));
        } catch (UnknownHostException e) {
            return Optional.of("cannot join the cluster: cluster.host \"" + cluster.host() + "\" has no address");
        } catch (IOException e) {
            return Optional.of(refusal(cluster, e.getMessage()));
        }
    }

    private static String refusal(ServerConfig.Cluster cluster, String why) {
        return "cannot join the cluster: port " + cluster.port() + " of " + cluster.host()
                + " is in use or not of this machine (" + why
                + "); choose others with BROADCAST_CLUSTER_PORT and BROADCAST_CLUSTER_HOST";
    }

    private static void resolve(String peer) {
        String host = peer.replaceFirst(":\\d+$", "");
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            log.warn("peer has no address, and is not looked for peer={} host={}", peer, host);
        }
    }
}
