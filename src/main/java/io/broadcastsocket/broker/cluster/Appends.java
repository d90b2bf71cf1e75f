package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Backlog;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The publications that are on their way into the logs: a lane for each channel.
 *
 * <p>Event loop only, except for the counters. A batch whose fate is unknown is sent again under the same number, by which the
 * log knows it, until it comes back; so nothing is appended twice or out of order. A publication that waits too long fails,
 * and so does one beyond the bounds.
 */
final class Appends {
    private static final long RETRY_AFTER_MS = 1000;

    private final Vertx vertx;
    private final ClusterSettings settings;
    private final ChannelRules rules;
    private final LogMap logs;
    private final Epochs epochs;
    private final Consumer<Publication> appended;
    private final Map<String, Lane> lanes = new HashMap<>();
    private long batches;

    // Any thread
    private final Backlog backlog;

    /** @param appended gets each publication once it is in the log, in order */
    Appends(
            Vertx vertx,
            ClusterSettings settings,
            ChannelRules rules,
            LogMap logs,
            Epochs epochs,
            Consumer<Publication> appended) {
        this.vertx = vertx;
        this.settings = settings;
        this.rules = rules;
        this.logs = logs;
        this.epochs = epochs;
        this.appended = appended;
        this.backlog = new Backlog(settings.queue().messages(), settings.queue().bytes());
    }

    Future<Accepted> append(Draft draft) {
        if (!backlog.enter(draft.data().length)) {
            return Future.failedFuture(unavailable("too many publications wait for the cluster"));
        }
        Promise<Accepted> promise = Promise.promise();
        Lane lane = lanes.computeIfAbsent(draft.channel(), fresh -> new Lane());
        lane.add(new Lane.Waiting(draft, System.nanoTime() + settings.queue().ms() * 1_000_000, promise));
        send(draft.channel(), lane);
        return promise.future();
    }

    /** Fails those that have waited too long, also those whose fate is unknown; call regularly. */
    void expire() {
        long now = System.nanoTime();
        for (Lane lane : List.copyOf(lanes.values())) {
            lane.overdue(now).forEach(this::expire);
            for (Lane.Waiting one : lane.underWay()) {
                if (one.until() - now < 0 && !one.promise().future().isComplete()) {
                    expire(one);
                }
            }
        }
    }

    private void expire(Lane.Waiting overdue) {
        backlog.refused();
        backlog.leave(overdue.bytes());
        overdue.promise().fail(unavailable("it waited too long for the cluster"));
    }

    private void send(String channel, Lane lane) {
        if (!lane.isFree()) {
            return;
        }
        if (lane.isEmpty()) {
            lanes.remove(channel, lane);
            return;
        }
        lane.take(settings.nodeId(), ++batches);
        attempt(channel, lane);
    }

    private void attempt(String channel, Lane lane) {
        LogRule rule = LogRule.of(rules.of(channel).history(), settings);
        logs.once(channel, new AppendProcessor(settings.standing(), rule, lane.batch(), epochs.next()))
                .onSuccess(result -> succeeded(channel, lane, result))
                .onFailure(failure -> failed(channel, lane));
    }

    private void succeeded(String channel, Lane lane, Appended result) {
        List<Lane.Waiting> batch = lane.underWay();
        lane.free();
        for (int i = 0; i < batch.size(); i++) {
            Lane.Waiting one = batch.get(i);
            if (!result.isDuplicate(i)) {
                appended.accept(PublicationEncoder.encode(one.draft(), result.position(i), result.time()));
            }
            if (!one.promise().future().isComplete()) {
                backlog.leave(one.bytes());
                one.promise().complete(accepted(one.draft(), result, i));
            }
        }
        send(channel, lane);
    }

    private static Accepted accepted(Draft draft, Appended result, int index) {
        return new Accepted(
                draft.channel(),
                draft.messageId(),
                result.position(index),
                result.isReplicated() ? Accepted.Durability.REPLICATED : Accepted.Durability.MEMORY,
                result.isDuplicate(index) ? Accepted.Outcome.DUPLICATE : Accepted.Outcome.APPENDED);
    }

    private void failed(String channel, Lane lane) {
        lane.failed();
        backlog.retried();
        vertx.setTimer(LogMap.pauseMs(lane.tries()), timer -> {
            boolean isWanted = lane.underWay().stream()
                    .anyMatch(one -> !one.promise().future().isComplete());
            if (isWanted) {
                attempt(channel, lane);
            } else {
                // Appended or not, nobody was told that it was; and the log takes no older batch after a newer one.
                lane.free();
                send(channel, lane);
            }
        });
    }

    private BrokerUnavailable unavailable(String what) {
        String why = logs.problem();
        return new BrokerUnavailable(what + (why == null ? "" : ": " + why), RETRY_AFTER_MS, null);
    }

    /** Whether something is under way that should not be cut off. */
    boolean isBusy() {
        return !backlog.isEmpty();
    }

    /** What waits; any thread. */
    Backlog backlog() {
        return backlog;
    }
}
