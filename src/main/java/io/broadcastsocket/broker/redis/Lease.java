package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node's members live by: one lease for all of them, renewed as long as the node lives. Those of a lease that has
 * lapsed are removed by the nodes that are left.
 *
 * <p>Event loop only. A lease that has lapsed is never held again: the node takes another one and enters its members anew,
 * while somebody may still be removing those of the old one.
 */
final class Lease {
    /** How this node stands after a renewal. */
    enum Standing {
        HELD,
        /** The lease is another one, without any members yet. */
        FRESH
    }

    /** Hash tag of what belongs to no channel. */
    static final String TAG = "presence";

    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    private final Links links;
    private final RedisSettings settings;
    private final Keys keys;
    private final Sweep sweep;
    private int number;
    private String current;
    private Standing standing = Standing.FRESH;
    private String generation = "";
    private boolean renewing;
    private boolean sweeping;

    Lease(Links links, RedisSettings settings, Sweep sweep) {
        this.links = links;
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.sweep = sweep;
        takeAnother();
    }

    /** Its name: of this node's life, and different from those before. */
    String current() {
        return current;
    }

    /** Notes that there may be members in a channel; before they are entered. */
    Future<Void> register(String channel) {
        return links.run(TAG, Scripts.PRESENCE_REGISTER, List.of(keys.channelsOf(current)), link ->
                        new Object[] {channel, Roster.KEEP_MS})
                .mapEmpty();
    }

    /** Renews it, or takes another one when it has lapsed or is lost; fails when that could not be done now. */
    Future<Standing> renew() {
        if (renewing) {
            return Future.failedFuture("under way");
        }
        renewing = true;
        return write().onComplete(done -> renewing = false);
    }

    private Future<Standing> write() {
        String[] met = {generation};
        List<String> names = List.of(keys.leases(), keys.lapsedLeases(), keys.channelsOf(current));
        return links.run(TAG, Scripts.PRESENCE_RENEW, names, link -> {
                    met[0] = link.generation();
                    return new Object[] {current, standing, settings.presence().leaseMs(), Roster.KEEP_MS};
                })
                .compose(answer -> {
                    boolean lost = answer.get(0).toLong() == 0;
                    // Of another life of the server's, what the lease had noted may be gone.
                    if (lost || (standing == Standing.HELD && !generation.equals(met[0]))) {
                        takeAnother();
                        return write();
                    }
                    generation = met[0];
                    Standing now = standing;
                    standing = Standing.HELD;
                    sweep(answer.get(1).toString());
                    return Future.succeededFuture(now);
                });
    }

    private void takeAnother() {
        current = settings.nodeId() + "." + Integer.toString(++number, 36);
        standing = Standing.FRESH;
    }

    /** Lets it lapse once the members that have not come back have lingered. */
    Future<Response> end() {
        return links.run(TAG, Scripts.PRESENCE_END, List.of(keys.leases()), link ->
                new Object[] {current, settings.presence().lingerMs()});
    }

    private void sweep(String lapsed) {
        if (lapsed.isEmpty() || sweeping) {
            return;
        }
        sweeping = true;
        log.info("removing the members of a node that is gone lease={}", lapsed);
        sweep.of(lapsed)
                .onComplete(done -> sweeping = false)
                // Others may have lapsed at the same time.
                .onSuccess(done -> renew())
                .onFailure(failure ->
                        log.warn("members remain for a while lease={} reason={}", lapsed, failure.getMessage()));
    }
}
