package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Backlog;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The publications that are on their way into the log: pipelined while Redis is there, kept in order while it is away.
 *
 * <p>Event loop only, except for the counters. Whatever is sent a second time is found by its id if the first time had
 * succeeded, so nothing is published twice; and none is appended before the one that was sent before it, so nothing is
 * published out of order. Beyond the bounds a publication fails at once.
 */
final class AppendQueue {
    /** How long the log remembers an id of the server beyond the time in which it may be sent again. */
    private static final long MARGIN_MS = 30_000;

    /** Answer of the script when the publication before is not in the log yet. */
    private static final long TOO_EARLY = 2;

    private final Links links;
    private final RedisSettings settings;
    private final LogArguments log;
    private final Keys keys;
    private final Tainted tainted;
    private final Map<Integer, Lane> lanes = new HashMap<>();

    private final Backlog backlog;
    private volatile String refusal;
    private long calls;

    AppendQueue(Links links, RedisSettings settings, LogArguments log, Tainted tainted) {
        this.tainted = tainted;
        this.links = links;
        this.settings = settings;
        this.log = log;
        this.keys = new Keys(settings.prefix());
        this.backlog = new Backlog(settings.queue().messages(), settings.queue().bytes());
    }

    Future<Accepted> append(Draft draft) {
        if (!backlog.enter(draft.data().length)) {
            return Future.failedFuture(Links.unavailable(
                    "too many publications wait for Redis: " + links.problem().orElse("it is slower than they come"),
                    null));
        }
        int slot = links.slot(draft.channel());
        Promise<Accepted> promise = Promise.promise();
        Pending pending = new Pending(
                draft, key(draft), System.nanoTime() + settings.queue().ms() * 1_000_000, promise);
        Lane lane = lanes.computeIfAbsent(slot, fresh -> new Lane());
        lane.add(pending);
        send(slot, lane);
        return promise.future();
    }

    /** Links have come: sends what waits. */
    void wake() {
        List.copyOf(lanes.entrySet()).forEach(entry -> send(entry.getKey(), entry.getValue()));
    }

    /**
     * Fails those that have waited too long; call regularly. What is under way is not among them: either its answer comes, or
     * its link is lost within the deadline of a probe, and then it waits.
     */
    void expire() {
        long now = System.nanoTime();
        for (Lane lane : lanes.values()) {
            for (Pending overdue : lane.overdue(now)) {
                backlog.refused();
                fail(overdue, "it waited too long for Redis: " + links.problem().orElse("no answer"), null);
            }
        }
        lanes.values().removeIf(Lane::isEmpty);
        wake();
    }

    /** What waits; any thread. */
    Backlog backlog() {
        return backlog;
    }

    /** What Redis said when it refused the last publication, or null when it accepted it; any thread. */
    String refusal() {
        return refusal;
    }

    /** An id of the server must not meet those of publishers, who can choose any: it would count as published already. */
    private String key(Draft draft) {
        return draft.identity() == Draft.Identity.PUBLISHER
                ? keys.id(draft.channel(), draft.messageId())
                : keys.own(draft.channel(), settings.nodeId(), Long.toString(++calls, 36));
    }

    private void send(int slot, Lane lane) {
        Lane.Departure next = next(slot, lane);
        while (next != null) {
            depart(slot, lane, next);
            // Sending may have shown that the link is gone.
            next = next(slot, lane);
        }
    }

    private Lane.Departure next(int slot, Lane lane) {
        RedisLink link = links.find(slot);
        return link == null ? null : lane.next(link);
    }

    private void depart(int slot, Lane lane, Lane.Departure departure) {
        RedisLink link = departure.link();
        Pending pending = departure.pending();
        link.send(request(departure))
                .onComplete(
                        answer -> answered(slot, lane, pending, answer),
                        failure -> failed(slot, lane, link, pending, RedisFailure.of(failure)));
    }

    private Request request(Lane.Departure departure) {
        RedisLink link = departure.link();
        Pending pending = departure.pending();
        Draft draft = pending.draft();
        List<String> names = new ArrayList<>(log.keys(draft.channel()));
        names.add(pending.key());
        departure.predecessor().ifPresent(before -> names.add(before.key()));
        long again = settings.queue().ms() + MARGIN_MS;
        long remember =
                draft.identity() == Draft.Identity.PUBLISHER ? Math.max(again, settings.deduplicationMs()) : again;
        Object[] arguments = log.arguments(
                link,
                draft.channel(),
                remember,
                draft.messageId(),
                draft.withheldFrom() == null ? "" : draft.withheldFrom(),
                draft.data());
        return Scripts.request(Scripts.APPEND, names, arguments);
    }

    private void answered(int slot, Lane lane, Pending pending, Response answer) {
        long code = answer.get(0).toLong();
        if (code == TOO_EARLY) {
            backlog.retried();
            lane.retry(pending);
        } else {
            lane.done(pending);
            refusal = null;
            tainted.accepted(pending.draft().channel());
            accept(pending, answer, code == 0 ? Accepted.Outcome.APPENDED : Accepted.Outcome.DUPLICATE);
        }
        send(slot, lane);
    }

    private void accept(Pending pending, Response answer, Accepted.Outcome outcome) {
        leave(pending);
        Position position = new Position(
                answer.get(1).toString(), Long.parseLong(answer.get(2).toString()));
        // An id of the server is new, so where the log knows it, this queue has sent it before.
        pending.promise()
                .complete(new Accepted(
                        pending.draft().channel(),
                        pending.draft().messageId(),
                        position,
                        Accepted.Durability.REDIS,
                        pending.draft().identity() == Draft.Identity.SERVER ? Accepted.Outcome.APPENDED : outcome));
    }

    private void failed(int slot, Lane lane, RedisLink link, Pending pending, RedisFailure failure) {
        switch (failure.kind()) {
            case REFUSED -> {
                lane.done(pending);
                if (failure.isForeignKey()) {
                    tainted.refused(pending.draft().channel(), failure.getMessage(), System.nanoTime());
                } else {
                    refusal = failure.getMessage();
                }
                backlog.refused();
                fail(pending, failure.getMessage(), failure);
                send(slot, lane);
            }
            case NO_SCRIPT -> {
                backlog.retried();
                lane.retry(pending);
                link.loadScripts().onComplete(loaded -> send(slot, lane));
            }
            case ELSEWHERE -> {
                backlog.retried();
                lane.retry(pending);
                links.refused(link, failure);
            }
            case LOST -> {
                backlog.retried();
                lane.retry(pending);
                send(slot, lane);
            }
        }
    }

    private void fail(Pending pending, String reason, RedisFailure cause) {
        leave(pending);
        pending.promise().fail(Links.unavailable(reason, cause));
    }

    private void leave(Pending pending) {
        backlog.leave(pending.draft().data().length);
    }
}
