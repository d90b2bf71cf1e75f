package io.broadcastsocket.node;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.ClusterView;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.config.ServerConfig;
import io.broadcastsocket.session.AddressLimiter;
import io.broadcastsocket.session.Ids;
import io.broadcastsocket.session.Lingering;
import io.broadcastsocket.stats.WorkerStats;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all verticles of one server process share.
 *
 * <p>Thread-safe, as everything in it is.
 *
 * @param id unique for this life of the process
 * @param startedAt milliseconds since 1970
 * @param apiStats what the API's own port has done
 * @param connections open WebSockets and event streams of clients
 * @param canarySecret shown by the node's own loopback connection, which counts for nothing
 */
public record Node(
        String id,
        long startedAt,
        ServerConfig config,
        Broker broker,
        SessionStore sessions,
        PresenceStore presence,
        Lingering lingering,
        ClusterView cluster,
        AddressLimiter broadcasts,
        Ids ids,
        InstantSource clock,
        LocalBus bus,
        List<WorkerRecord> workers,
        WorkerStats apiStats,
        Readiness readiness,
        AtomicInteger connections,
        String canarySecret) {

    public Node {
        workers = List.copyOf(workers);
    }

    /** Channel of this node's canary; no client can name it. */
    public String canaryChannel() {
        return "$canary." + id;
    }

    /** Takes a place for a connection, unless there are as many as there may be. */
    public boolean admit() {
        if (connections.incrementAndGet() <= config.limits().connections()) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    /** Gives the place back. */
    public void leave() {
        connections.decrementAndGet();
    }

    /** Bus address of a worker for one purpose. */
    public String address(String purpose, int worker) {
        return workers.get(worker).address(purpose);
    }
}
