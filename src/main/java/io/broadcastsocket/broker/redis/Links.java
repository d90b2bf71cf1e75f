package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to all servers that hold our data: finds them, opens them, and replaces those that are lost.
 *
 * <p>Event loop only. While links are missing it tries again and again, at most {@value #MOST_BACKOFF_MS} ms apart.
 */
final class Links {
    private static final long LEAST_BACKOFF_MS = 50;
    private static final long MOST_BACKOFF_MS = 1000;
    private static final long SWEEP_MS = 50;

    /** A link that is lost sooner is not opened again at once: it may be lost for the same reason. */
    private static final long STEADY_NANOS = 2_000_000_000L;

    private static final long SAME_WARNING_NANOS = 10_000_000_000L;

    /** Masters that moved without a word are noticed within this time. */
    private static final long RESOLVE_MS = 3000;

    private static final Logger log = LoggerFactory.getLogger(Links.class);

    /** Somebody who wants to use a link that is not there yet. */
    private record Waiting(int slot, long until, Promise<RedisLink> promise) {}

    private final Vertx vertx;
    private final RedisSettings settings;
    private final Connector connector;
    private final Topology topology;
    private final Epochs epochs;
    private final RedisLink.Events events;
    private final Runnable onChange;
    private final RedisLink[] bySlot = new RedisLink[Slots.COUNT];
    private final Map<RedisUrl.Endpoint, RedisLink> byMaster = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private volatile String problem = "Redis has not been reached yet";
    private volatile long losses;
    private String warned = "";
    private long warnedAt = System.nanoTime();
    private boolean upToTell = true;
    private long backoffMs = LEAST_BACKOFF_MS;
    private boolean retrying;
    private boolean healing;
    private boolean healAgain;
    private boolean lookingSoon;
    private boolean closed;

    /** @param onChange called after links have come or their slots have changed */
    Links(Vertx vertx, RedisSettings settings, Epochs epochs, RedisLink.Events events, Runnable onChange) {
        this.vertx = vertx;
        this.settings = settings;
        this.connector = new Connector(vertx, settings);
        this.topology = new Topology(vertx, settings, connector);
        this.epochs = epochs;
        this.events = events;
        this.onChange = onChange;
    }

    void open() {
        vertx.setPeriodic(SWEEP_MS, timer -> sweep());
        if (settings.url().form() != RedisUrl.Form.SINGLE) {
            vertx.setPeriodic(RESOLVE_MS, timer -> heal());
        }
        heal();
    }

    void close() {
        closed = true;
        byMaster.values().forEach(RedisLink::close);
        byMaster.clear();
    }

    /** Whether a request is unanswered. */
    boolean isBusy() {
        return byMaster.values().stream().anyMatch(RedisLink::isBusy);
    }

    /** Why something is missing, for any thread; empty when every link is up. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** How often a link was lost; any thread. */
    long losses() {
        return losses;
    }

    /** The slot of a channel, or of another hash tag; always 0 where there is no cluster. */
    int slot(String tag) {
        return settings.url().form() == RedisUrl.Form.CLUSTER ? Slots.ofTag(tag) : 0;
    }

    /** The link that has a slot, or null while it is not up. */
    RedisLink find(int slot) {
        RedisLink link = bySlot[slot];
        return link != null && link.isUp() ? link : null;
    }

    /**
     * Runs something on the link that has a hash tag, and again on another one as long as that fails for a reason that may
     * pass. Gives up after {@link RedisSettings#waitMs} with {@link BrokerUnavailable}.
     */
    <T> Future<T> call(String tag, Function<RedisLink, Future<T>> work) {
        return call(slot(tag), System.nanoTime() + settings.waitMs() * 1_000_000, work);
    }

    private <T> Future<T> call(int slot, long until, Function<RedisLink, Future<T>> work) {
        return whenUp(slot, until).compose(link -> work.apply(link).recover(failure -> {
            RedisFailure cause = RedisFailure.of(failure);
            if (cause.kind() == RedisFailure.Kind.REFUSED) {
                return Future.failedFuture(unavailable(cause.getMessage(), cause));
            }
            if (cause.kind() == RedisFailure.Kind.ELSEWHERE) {
                refused(link, cause);
            }
            return vertx.timer(LEAST_BACKOFF_MS).compose(again -> call(slot, until, work));
        }));
    }

    /** Runs a command of one key or tag; see {@link #call}. */
    Future<Response> run(
            String tag, Scripts.Script script, List<String> keys, Function<RedisLink, Object[]> arguments) {
        return call(tag, link -> link.run(script, keys, arguments.apply(link)));
    }

    private Future<RedisLink> whenUp(int slot, long until) {
        RedisLink link = find(slot);
        if (link != null && System.nanoTime() < until) {
            return Future.succeededFuture(link);
        }
        if (closed || System.nanoTime() >= until) {
            return Future.failedFuture(unavailable(problem().orElse("Redis does not answer"), null));
        }
        Promise<RedisLink> promise = Promise.promise();
        waiting.add(new Waiting(slot, until, promise));
        return promise.future();
    }

    static BrokerUnavailable unavailable(String reason, Throwable cause) {
        return new BrokerUnavailable(reason, MOST_BACKOFF_MS, cause);
    }

    /** Looks again where the data are. */
    void heal() {
        if (closed) {
            return;
        }
        if (healing) {
            healAgain = true;
            return;
        }
        healing = true;
        topology.resolve().compose(this::open).onComplete(done -> {
            healing = false;
            if (closed) {
                return;
            }
            if (done.succeeded()) {
                solved();
            } else {
                failed(done.cause());
            }
        });
    }

    /** A link's server does not have the data, or not yet: looks in a moment where they are. */
    void refused(RedisLink link, RedisFailure failure) {
        if (failure.isNoMaster()) {
            link.lose(failure.getMessage());
        } else if (!lookingSoon) {
            lookingSoon = true;
            vertx.setTimer(LEAST_BACKOFF_MS, timer -> {
                lookingSoon = false;
                heal();
            });
        }
    }

    /** A link was lost: its slots have none until the next one is up. */
    void lost(RedisLink link, String reason) {
        losses++;
        drop(link);
        report(reason);
        if (link.upNanos() > STEADY_NANOS) {
            backoffMs = LEAST_BACKOFF_MS;
            heal();
        } else {
            retry();
        }
    }

    private void solved() {
        if (upToTell) {
            upToTell = false;
            log.info("redis links are up servers={}", byMaster.keySet());
        }
        problem = null;
        if (healAgain) {
            healAgain = false;
            heal();
        }
    }

    private void failed(Throwable failure) {
        report(RedisFailure.of(failure).getMessage());
        healAgain = false;
        retry();
    }

    private void retry() {
        if (!retrying) {
            retrying = true;
            vertx.setTimer(backoffMs + ThreadLocalRandom.current().nextLong(LEAST_BACKOFF_MS), timer -> {
                retrying = false;
                heal();
            });
            backoffMs = Math.min(MOST_BACKOFF_MS, backoffMs * 2);
        }
    }

    /** Says each reason once, and not again soon when links come and go because of it. */
    private void report(String reason) {
        long now = System.nanoTime();
        if (!reason.equals(problem) && (!reason.equals(warned) || now - warnedAt > SAME_WARNING_NANOS)) {
            log.warn("redis is not available reason={}", reason);
            warned = reason;
            warnedAt = now;
            upToTell = true;
        }
        problem = reason;
    }

    private Future<Void> open(List<Shard> shards) {
        List<RedisLink> gone = byMaster.values().stream()
                .filter(link ->
                        shards.stream().noneMatch(shard -> shard.master().equals(link.endpoint())))
                .toList();
        for (RedisLink link : gone) {
            link.close();
            events.lost(link, link.endpoint() + " is no longer a master");
        }
        List<Future<Void>> opening = new ArrayList<>();
        for (Shard shard : shards) {
            RedisLink link = byMaster.get(shard.master());
            if (link != null && link.isUp()) {
                give(link, shard);
            } else {
                opening.add(open(shard));
            }
        }
        onChange.run();
        return Future.join(opening).mapEmpty();
    }

    private Future<Void> open(Shard shard) {
        return new RedisLink(vertx, settings, shard.master(), shard.tag(), epochs, events)
                .open(connector)
                .map(link -> {
                    if (closed) {
                        link.close();
                        return null;
                    }
                    if (!link.isUp()) {
                        throw RedisFailure.lost(shard.master() + ": the connection was lost as soon as it was made");
                    }
                    byMaster.put(shard.master(), link);
                    give(link, shard);
                    onChange.run();
                    sweep();
                    return null;
                });
    }

    private void give(RedisLink link, Shard shard) {
        link.knownBy(shard.tag());
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (shard.has(slot)) {
                bySlot[slot] = link;
            } else if (bySlot[slot] == link) {
                bySlot[slot] = null;
            }
        }
    }

    private void drop(RedisLink link) {
        byMaster.remove(link.endpoint(), link);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (bySlot[slot] == link) {
                bySlot[slot] = null;
            }
        }
    }

    /** Serves those that wait, in order, and sends those away whose time is over. */
    private void sweep() {
        long now = System.nanoTime();
        for (int i = waiting.size(); i > 0; i--) {
            Waiting next = waiting.poll();
            RedisLink link = find(next.slot());
            if (link != null) {
                next.promise().complete(link);
            } else if (now >= next.until()) {
                next.promise().fail(unavailable(problem().orElse("Redis does not answer"), null));
            } else {
                waiting.add(next);
            }
        }
    }
}
