package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log in the memory of one process: nothing to install, one node, lost with it.
 *
 * <p>Thread-safe; every future it returns is already complete.
 *
 * <p>An epoch is the id of this broker and the number of used channels it has forgotten so far, so a channel that was
 * forgotten and comes again never reuses an epoch, and nothing has to be kept to make sure of that.
 */
public final class MemoryBroker implements Broker {
    private final ChannelRules rules;
    private final MemoryLimits limits;
    private final InstantSource clock;
    private final String incarnation;
    private final Map<String, MemoryChannel> channels = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong();
    private volatile double historyShare = 1;

    /** @param incarnation id of this process's life, never used before */
    public MemoryBroker(ChannelRules rules, MemoryLimits limits, InstantSource clock, String incarnation) {
        this.rules = rules;
        this.limits = limits;
        this.clock = clock;
        this.incarnation = incarnation;
    }

    @Override
    public Future<Accepted> append(Draft draft) {
        Accepted accepted;
        do {
            accepted = channel(draft.channel()).append(draft, clock.millis());
        } while (accepted == null);
        return Future.succeededFuture(accepted);
    }

    @Override
    public Future<ReadResult> read(String channel, Position after, int limit) {
        MemoryChannel found = channels.get(channel);
        if (found != null) {
            return Future.succeededFuture(found.read(after, limit, clock.millis()));
        }
        Position start = start();
        return Future.succeededFuture(
                after.equals(start)
                        ? new ReadResult.Page(List.of(), start)
                        : new ReadResult.Unservable(Gap.Reason.EPOCH, start, start));
    }

    @Override
    public Future<Map<String, Position>> tops(Collection<String> names) {
        Map<String, Position> tops = new HashMap<>();
        for (String name : names) {
            MemoryChannel channel = channels.get(name);
            tops.put(name, channel == null ? start() : channel.top());
        }
        return Future.succeededFuture(tops);
    }

    @Override
    public Future<Position> attach(String channel, Listener listener) {
        Position position;
        do {
            position = channel(channel).attach(listener);
        } while (position == null);
        return Future.succeededFuture(position);
    }

    @Override
    public void detach(String channel, Listener listener) {
        MemoryChannel found = channels.get(channel);
        if (found != null) {
            found.detach(listener);
        }
    }

    /**
     * Forgets what has expired. When all histories together exceed their bound, ages shrink by half at each call, so the
     * oldest publications of all channels go first, until they fit.
     */
    public void expire() {
        long now = clock.millis();
        long bytes = 0;
        for (Map.Entry<String, MemoryChannel> entry : channels.entrySet()) {
            MemoryChannel channel = entry.getValue();
            if (channel.expire(now, historyShare)) {
                if (channel.wasUsed()) {
                    forgotten.incrementAndGet();
                }
                channels.remove(entry.getKey(), channel);
            }
            bytes += channel.bytes();
        }
        historyShare = bytes > limits.historyBytes()
                ? historyShare / 2
                : Math.min(1, bytes < limits.historyBytes() / 2 ? historyShare * 2 : historyShare);
    }

    @Override
    public BrokerStatus status() {
        return new BrokerStatus("memory", Optional.empty(), Map.of("channels", (long) channels.size()));
    }

    private MemoryChannel channel(String name) {
        MemoryChannel found = channels.get(name);
        return found != null
                ? found
                : channels.computeIfAbsent(
                        name, fresh -> new MemoryChannel(fresh, start().epoch(), rules.of(fresh), limits));
    }

    private Position start() {
        return new Position(incarnation + "." + Long.toString(forgotten.get(), 36), 0);
    }
}
