package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts what other programs add to a stream in Redis, in its order: one node at a time, as long as it keeps a lease.
 *
 * <p>Event loop only, except for the counters and the problem. An entry leaves the stream when its publication is in the log
 * or itself is among the dead letters. Until then it is given out again, to this node or the next one, and the log finds by
 * its id what it has already. The script that gives entries out checks the lease, so a node that lost it gets none.
 */
final class Ingest {
    /** A node that died is replaced within this time and {@link #PULSE_MS}. */
    private static final long LEASE_MS = 3000;

    /** How often a lease is renewed, or asked for. */
    private static final long PULSE_MS = 1000;

    /** Before something is tried again. */
    private static final long PAUSE_MS = 200;

    private static final long LEAST_BETWEEN_WARNINGS_MS = 10_000;
    private static final int MOST_ENTRIES = 256;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_DEAD = 10_000;
    private static final int MOST_FIELDS = 32;

    /** Where values are cut in dead letters. */
    private static final int DEAD_BYTES = 4096;

    private static final String TAG = "ingest";
    private static final Logger log = LoggerFactory.getLogger(Ingest.class);

    private final RedisSettings settings;
    private final Keys keys;

    // Set once in open()
    private Vertx vertx;
    private Links links;
    private Function<Draft, Future<Accepted>> append;
    private IngestWatch watch;

    // Any thread
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong dead = new AtomicLong();
    private volatile long heldUntil = System.nanoTime();
    private volatile String problem;

    // Event loop only
    private String newest = "0-0";
    private boolean woken;
    private boolean closed;
    private long warnedAt = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LEAST_BETWEEN_WARNINGS_MS);

    Ingest(RedisSettings settings) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
    }

    /** Begins, if this node is to take part. */
    void open(Vertx owner, Links opened, Function<Draft, Future<Accepted>> appendTo) {
        if (!settings.ingest()) {
            return;
        }
        vertx = owner;
        links = opened;
        append = appendTo;
        watch = new IngestWatch(owner, settings, keys.ingest(), PULSE_MS);
        vertx.setPeriodic(PULSE_MS, timer -> renew());
        round();
    }

    /** Leaves the stream to another node at once. */
    void close() {
        if (!settings.ingest() || closed) {
            return;
        }
        boolean held = isHolder();
        closed = true;
        watch.close();
        RedisLink link = links.find(links.slot(TAG));
        if (held && link != null) {
            link.run(Scripts.INGEST_RELEASE, List.of(keys.ingestLease()), settings.nodeId())
                    .onFailure(failure -> log.debug("ingest lease runs out reason={}", failure.getMessage()));
        }
    }

    /** What it has done, by name; any thread. */
    Map<String, Long> counters() {
        if (!settings.ingest()) {
            return Map.of();
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("ingestAccepted", accepted.get());
        counters.put("ingestDead", dead.get());
        counters.put("ingestHolder", isHolder() ? 1L : 0L);
        return counters;
    }

    /** Why entries stay where they are, apart from Redis being away; any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private boolean isHolder() {
        return heldUntil - System.nanoTime() > 0;
    }

    private boolean mayGoOn() {
        return isHolder() && !closed;
    }

    private void renew() {
        if (mayGoOn()) {
            take(0).onFailure(this::failed);
        }
    }

    /** Does what there is to do, waits if there is nothing, and begins again. */
    private void round() {
        if (closed) {
            return;
        }
        take(MOST_ENTRIES).compose(this::handle).onComplete(done -> {
            if (done.succeeded()) {
                round();
            } else {
                failed(done.cause());
                vertx.setTimer(PAUSE_MS, timer -> round());
            }
        });
    }

    private Future<List<IngestEntry>> take(int most) {
        return links.call(TAG, link -> {
            long asked = System.nanoTime();
            return link.run(
                            Scripts.INGEST_TAKE,
                            List.of(keys.ingest(), keys.ingestLease()),
                            settings.nodeId(),
                            LEASE_MS,
                            most,
                            MOST_BYTES,
                            settings.maxDataBytes() + 1)
                    .map(answer -> taken(answer, asked));
        });
    }

    private List<IngestEntry> taken(Response answer, long asked) {
        boolean holds = answer.get(0).toLong() == 1;
        heldUntil = holds ? asked + TimeUnit.MILLISECONDS.toNanos(LEASE_MS) : System.nanoTime();
        List<IngestEntry> entries = new ArrayList<>();
        for (int i = 1; i < answer.size(); i++) {
            entries.add(IngestEntry.of(answer.get(i)));
        }
        return entries;
    }

    private Future<Void> handle(List<IngestEntry> entries) {
        if (!entries.isEmpty()) {
            newest = entries.get(entries.size() - 1).entry();
            woken = false;
            return new IngestBatch(settings.maxDataBytes(), append, this::mayGoOn)
                    .publish(entries)
                    .compose(this::settle);
        }
        problem = null;
        RedisLink link = links.find(links.slot(TAG));
        // What woke it and cannot be had would wake it again at once.
        if (!isHolder() || woken || link == null) {
            woken = false;
            return vertx.timer(PULSE_MS).mapEmpty();
        }
        return watch.await(link.endpoint(), newest)
                .onSuccess(came -> woken = came)
                .mapEmpty();
    }

    private Future<Void> settle(IngestBatch.Outcome outcome) {
        return remove(outcome.done())
                .compose(removed -> bury(outcome.dead()))
                .compose(buried -> outcome.failure() == null
                        ? Future.<Void>succeededFuture()
                        : Future.<Void>failedFuture(outcome.failure()))
                .onSuccess(settled -> problem = null);
    }

    private Future<Void> remove(List<String> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture();
        }
        return links.run(TAG, Scripts.INGEST_DONE, List.of(keys.ingest()), link -> entries.toArray())
                .onSuccess(removed -> accepted.addAndGet(entries.size()))
                .mapEmpty();
    }

    private Future<Void> bury(List<IngestBatch.Dead> letters) {
        List<Future<Void>> all = letters.stream().map(this::bury).toList();
        return Future.join(all).mapEmpty();
    }

    private Future<Void> bury(IngestBatch.Dead letter) {
        return links.run(TAG, Scripts.INGEST_DEAD, List.of(keys.ingest(), keys.ingestDead()), link ->
                        new Object[] {letter.entry(), letter.reason(), MOST_DEAD, MOST_FIELDS, DEAD_BYTES})
                .onSuccess(buried -> {
                    dead.incrementAndGet();
                    if (mayWarn()) {
                        log.warn("ingest has dead letters entry={} reason={}", letter.entry(), letter.reason());
                    }
                })
                .mapEmpty();
    }

    /** That Redis is away is told by the links. */
    private void failed(Throwable failure) {
        Throwable cause = failure instanceof BrokerUnavailable ? failure.getCause() : failure;
        if (cause instanceof RedisFailure refusal && refusal.kind() == RedisFailure.Kind.REFUSED) {
            problem = "the entries of " + keys.ingest() + " are not broadcast: " + refusal.getMessage();
            if (mayWarn()) {
                log.warn("ingest is held up reason={}", refusal.getMessage());
            }
        } else {
            log.debug("ingest tries again reason={}", failure.getMessage());
        }
    }

    private boolean mayWarn() {
        long now = System.nanoTime();
        if (now - warnedAt < TimeUnit.MILLISECONDS.toNanos(LEAST_BETWEEN_WARNINGS_MS)) {
            return false;
        }
        warnedAt = now;
        return true;
    }
}
