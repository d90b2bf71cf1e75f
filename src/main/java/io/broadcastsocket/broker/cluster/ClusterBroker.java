package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The log in the memory of the cluster: nodes with nothing beside them are one service.
 *
 * <p>Thread-safe: everything is done on the adapter's event loop. The log of a channel is an entry of a map, with its owner and
 * one copy; whoever has appended announces to the other nodes.
 */
final class ClusterBroker implements Broker {
    private record Read(String channel, Position after, int limit) {}

    private final ClusterSettings settings;
    private final ChannelRules rules;
    private final Crossing crossing;
    private final Map<Read, Future<ReadResult>> reads = new HashMap<>();

    // Set once in open()
    private Cluster cluster;
    private LogMap logs;
    private Appends appends;
    private Tops tops;
    private Expiry expiry;

    ClusterBroker(ClusterSettings settings, ChannelRules rules, Crossing crossing) {
        this.settings = settings;
        this.rules = rules;
        this.crossing = crossing;
    }

    /** On the adapter's event loop, once. */
    void open(Cluster opened, LogMap map, Tops positions, Epochs epochs) {
        cluster = opened;
        logs = map;
        tops = positions;
        appends = new Appends(opened.vertx(), settings, rules, map, epochs, opened::announce);
        expiry = new Expiry(opened.vertx(), map, settings.historyBytes());
        opened.vertx().setPeriodic(100, timer -> appends.expire());
        opened.vertx().setPeriodic(5000, timer -> expiry.start());
    }

    boolean isBusy() {
        return appends.isBusy();
    }

    @Override
    public Future<Accepted> append(Draft draft) {
        return crossing.call(() -> appends.append(draft));
    }

    @Override
    public Future<ReadResult> read(String channel, Position after, int limit) {
        return crossing.call(() -> shared(new Read(channel, after, limit)));
    }

    /** Those that ask for the same while it is read get the same answer. */
    private Future<ReadResult> shared(Read read) {
        Future<ReadResult> same = reads.get(read);
        if (same != null) {
            return same;
        }
        Future<ReadResult> result = logs.read(
                        read.channel(),
                        () -> new ReadProcessor(
                                settings.standing(), tops.rule(read.channel()), read.after(), read.limit()))
                .compose(page -> page == null ? withoutLog(read) : Future.succeededFuture(page.result(read.channel())));
        if (!result.isComplete()) {
            reads.put(read, result);
            result.onComplete(done -> reads.remove(read));
        }
        return result;
    }

    private Future<ReadResult> withoutLog(Read read) {
        return tops.begin(read.channel()).map(top -> new ReadResult.Unservable(Gap.Reason.EPOCH, top, top));
    }

    @Override
    public Future<Map<String, Position>> tops(Collection<String> channels) {
        return crossing.call(() -> tops.of(channels));
    }

    @Override
    public Future<Position> attach(String channel, Listener listener) {
        return crossing.call(() -> {
            cluster.announcements().add(channel, listener);
            return cluster.interest().want(channel).compose(known -> tops.begin(channel));
        });
    }

    @Override
    public void detach(String channel, Listener listener) {
        crossing.run(() -> {
            if (cluster.announcements().remove(channel, listener)) {
                cluster.interest().drop(channel);
            }
        });
    }

    @Override
    public BrokerStatus status() {
        if (!crossing.isOpen()) {
            return new BrokerStatus("cluster", Optional.of("the broker has not started"), Map.of());
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("nodes", (long) cluster.size());
        counters.putAll(appends.backlog().counters());
        counters.put("historyBytes", expiry.bytes());
        counters.putAll(cluster.counters());
        return new BrokerStatus("cluster", cluster.problem(), counters);
    }
}
