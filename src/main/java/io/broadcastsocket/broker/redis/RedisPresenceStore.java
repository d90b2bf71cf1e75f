package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * The members of channels in Redis, where all nodes have them.
 *
 * <p>Thread-safe: everything is done on the bridge's event loop. One script changes the members and adds to the log what that
 * is told as, so both are one.
 */
final class RedisPresenceStore implements PresenceStore {
    /** Renewals in the time of a lease: two may fail. */
    private static final int RENEWALS = 3;

    private static final long HAND_OVER_MS = 500;

    private final RedisSettings settings;
    private final Keys keys;
    private final Crossing crossing;

    // Set once in open()
    private Vertx vertx;
    private Roster roster;
    private Lease lease;
    private PageReader pages;

    private boolean closed;

    RedisPresenceStore(RedisSettings settings, Crossing crossing) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.crossing = crossing;
    }

    /** On the bridge's event loop, once. */
    void open(Vertx owner, Links links, LogArguments log) {
        vertx = owner;
        lease = new Lease(links, settings, new Sweep(links, keys, log), () -> roster.enterAgain());
        roster = new Roster(links, keys, log, lease);
        pages = new PageReader(links, keys);
        vertx.setPeriodic(0, Math.max(1, settings.presence().leaseMs() / RENEWALS), timer -> tend());
    }

    /** The data of a link's server are gone. */
    void emptied(RedisLink link) {
        roster.emptied(link);
        tend();
    }

    /** Stops tending to this node's members; others remove those that do not come back. */
    Future<Void> handOver() {
        closed = true;
        return Deadline.within(vertx, HAND_OVER_MS, lease.end())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Why members may be missing, apart from Redis being away; any thread. */
    Optional<String> problem() {
        return lease.problem();
    }

    @Override
    public Future<Change> enter(String channel, Visit visit, String info) {
        return crossing.call(() -> roster.enter(ChannelName.presence(channel), visit, info));
    }

    @Override
    public Future<Boolean> leave(String channel, Visit visit) {
        return crossing.call(() -> roster.leave(ChannelName.presence(channel), visit));
    }

    @Override
    public Future<PresencePage> page(String channel, String after, int limit) {
        return crossing.call(() -> pages.read(ChannelName.presence(channel), after, limit));
    }

    private void tend() {
        if (closed) {
            return;
        }
        lease.renew();
        roster.tend();
    }
}
