package io.broadcastsocket.session;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.stats.WorkerStats;
import java.time.InstantSource;

/**
 * What all sessions of a worker share.
 *
 * @param nodeId id of this process, told to clients
 * @param commandLimit limit of one connection's commands
 */
public record SessionServices(
        String nodeId,
        HubShard shard,
        Broker broker,
        PresenceStore presence,
        Attendance attendance,
        SessionDirectory directory,
        SessionLimits limits,
        RateLimit commandLimit,
        AddressLimiter broadcasts,
        Ids ids,
        InstantSource clock,
        WorkerStats stats) {}
