package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of channels in the memory of the cluster: a roster in the log of each channel's presence, changed in one step with
 * what is told of it.
 *
 * <p>Thread-safe: everything is done on the adapter's event loop.
 */
final class ClusterPresenceStore implements PresenceStore {
    private static final Logger log = LoggerFactory.getLogger(ClusterPresenceStore.class);
    private static final long WAIT_MS = 5000;
    private static final long TEND_MS = 2000;

    private final ClusterSettings settings;
    private final Crossing crossing;

    // Set once in open()
    private Cluster cluster;
    private Tops tops;
    private LogMap logs;
    private RosterChanges changes;
    private OwnMembers own;

    ClusterPresenceStore(ClusterSettings settings, Crossing crossing) {
        this.settings = settings;
        this.crossing = crossing;
    }

    /** On the adapter's event loop, once, before the cluster is open. */
    void open(Vertx vertx, Cluster opened, LogMap map, Tops positions, Epochs epochs) {
        cluster = opened;
        logs = map;
        tops = positions;
        changes = new RosterChanges(vertx, settings, positions, map, epochs, this::told, WAIT_MS);
        own = new OwnMembers(settings.nodeId(), map, changes);
        RosterSweep sweep = new RosterSweep(vertx, settings, cluster.peers(), map, changes);
        cluster.peers().listen(sweep);
        vertx.setPeriodic(TEND_MS, timer -> own.tend());
    }

    /** Announces what stands in the log; whoever misses it finds it there. */
    private void told(String presence, Position before, int count) {
        if (cluster.isWanted(presence)) {
            logs.read(presence, () -> new ReadProcessor(settings.standing(), tops.rule(presence), before, count))
                    .map(page -> page.result(presence))
                    .onSuccess(result -> result.accept(new ReadResult.Visitor<Void>() {
                        @Override
                        public Void page(ReadResult.Page page) {
                            page.publications().forEach(cluster::announce);
                            return null;
                        }

                        @Override
                        public Void unservable(ReadResult.Unservable unservable) {
                            return null;
                        }
                    }))
                    .onFailure(failure -> log.debug("what was told of members is not announced", failure));
        }
    }

    @Override
    public Future<Change> enter(String channel, Visit visit, String info) {
        return crossing.call(() -> own.enter(ChannelName.presence(channel), visit, info));
    }

    @Override
    public Future<Boolean> leave(String channel, Visit visit) {
        return crossing.call(() -> own.leave(ChannelName.presence(channel), visit));
    }

    @Override
    public Future<PresencePage> page(String channel, String after, int limit) {
        String presence = ChannelName.presence(channel);
        return crossing.call(() -> logs.read(
                        presence, () -> new RosterPageProcessor(settings.standing(), tops.rule(presence), after, limit))
                .map(RosterPage::page));
    }
}
