package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
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
    /** What Redis is told of it. */
    private enum Standing {
        HELD,
        /** It is another one, without any members yet. */
        FRESH
    }

    /** Hash tag of what belongs to no channel. */
    static final String TAG = "presence";

    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    private final Links links;
    private final RedisSettings settings;
    private final Keys keys;
    private final Sweep sweep;
    private final Runnable onFresh;
    private int number;
    private String current;
    private Standing standing = Standing.FRESH;
    private String generation = "";
    private boolean renewing;
    private boolean sweeping;
    private boolean ended;
    private volatile String problem;

    /** @param onFresh called each time that another lease is held, which has no members yet */
    Lease(Links links, RedisSettings settings, Sweep sweep, Runnable onFresh) {
        this.links = links;
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.sweep = sweep;
        this.onFresh = onFresh;
        takeAnother();
    }

    /** Its name: of this node's life, and different from those before. */
    String current() {
        return current;
    }

    /** Why it is not renewed, apart from Redis being away; any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Notes that there may be members in a channel; before they are entered. */
    Future<Void> register(String channel) {
        return links.run(TAG, Scripts.PRESENCE_REGISTER, List.of(keys.channelsOf(current)), link ->
                        new Object[] {channel, Roster.KEEP_MS})
                .mapEmpty();
    }

    /**
     * Renews it, or takes another one when it has lapsed or is lost; fails when that could not be done now. Does nothing while
     * that is under way, and after the end.
     */
    Future<Void> renew() {
        if (renewing || ended) {
            return Future.succeededFuture();
        }
        renewing = true;
        return write().onComplete(done -> renewing = false)
                .onSuccess(done -> problem = null)
                .onFailure(this::failed);
    }

    private Future<Void> write() {
        return links.call(TAG, this::write).compose(answer -> {
            if (ended) {
                return Future.succeededFuture();
            }
            if (answer.get(0).toLong() == 0) {
                takeAnother();
                return write();
            }
            if (standing == Standing.FRESH) {
                standing = Standing.HELD;
                onFresh.run();
            }
            sweep(answer.get(1).toString());
            return Future.succeededFuture();
        });
    }

    private Future<Response> write(RedisLink link) {
        // In another life of the server's, what the lease had noted may be gone.
        if (standing == Standing.HELD && !generation.equals(link.generation())) {
            takeAnother();
        }
        generation = link.generation();
        return link.run(
                Scripts.PRESENCE_RENEW,
                List.of(keys.leases(), keys.lapsedLeases(), keys.channelsOf(current)),
                current,
                standing,
                settings.presence().leaseMs(),
                Roster.KEEP_MS,
                sweeping ? 0 : 1);
    }

    private void takeAnother() {
        current = settings.nodeId() + "." + Integer.toString(++number, 36);
        standing = Standing.FRESH;
    }

    /** That Redis is away is told by the links. */
    private void failed(Throwable failure) {
        if (failure.getCause() instanceof RedisFailure refusal) {
            if (problem == null) {
                log.warn("members of this node may be removed reason={}", refusal.getMessage());
            }
            problem = "the lease of this node's members cannot be renewed: " + refusal.getMessage();
        }
    }

    /** Lets it lapse once the members that have not come back have lingered. */
    Future<Response> end() {
        ended = true;
        return links.run(TAG, Scripts.PRESENCE_END, List.of(keys.leases()), link ->
                new Object[] {current, settings.presence().lingerMs()});
    }

    private void sweep(String lapsed) {
        if (lapsed.isEmpty()) {
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
