package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of members that are on their way into the rosters: one batch after the other for each channel, as with
 * publications ({@link Appends}), so that what is done about a member is done in order and once.
 *
 * <p>Event loop only.
 */
final class RosterChanges {
    private static final int MOST = 200;
    private static final long RETRY_AFTER_MS = 1000;

    /** What was told of changes stands in the log. */
    interface Told {
        void appended(String presence, Position before, int count);
    }

    private record Waiting(RosterChange change, long until, Promise<Integer> promise) {}

    private static final class Lane {
        final List<Waiting> waiting = new ArrayList<>();
        boolean busy;
    }

    private final Vertx vertx;
    private final ClusterSettings settings;
    private final Tops tops;
    private final LogMap logs;
    private final Epochs epochs;
    private final Told told;
    private final long waitMs;
    private final Map<String, Lane> lanes = new HashMap<>();

    /** Numbers of their own: another producer than that of publications. */
    private final String producer;

    private long batches;

    /**
     * @param waitMs how long a change may wait, milliseconds
     */
    RosterChanges(
            Vertx vertx, ClusterSettings settings, Tops tops, LogMap logs, Epochs epochs, Told told, long waitMs) {
        this.vertx = vertx;
        this.settings = settings;
        this.tops = tops;
        this.logs = logs;
        this.epochs = epochs;
        this.told = told;
        this.waitMs = waitMs;
        this.producer = settings.nodeId() + "/roster";
    }

    /** Makes a change; gives what it was. */
    Future<Integer> make(String presence, RosterChange change) {
        Promise<Integer> promise = Promise.promise();
        Lane lane = lanes.computeIfAbsent(presence, fresh -> new Lane());
        lane.waiting.add(new Waiting(change, System.nanoTime() + waitMs * 1_000_000, promise));
        send(presence, lane);
        return promise.future();
    }

    private void send(String presence, Lane lane) {
        if (lane.busy) {
            return;
        }
        if (lane.waiting.isEmpty()) {
            lanes.remove(presence, lane);
            return;
        }
        List<Waiting> some = lane.waiting.subList(0, Math.min(MOST, lane.waiting.size()));
        List<Waiting> batch = List.copyOf(some);
        some.clear();
        lane.busy = true;
        attempt(presence, lane, batch, new Batch(producer, ++batches, List.of()), 0);
    }

    private void attempt(String presence, Lane lane, List<Waiting> waiting, Batch batch, int tries) {
        List<RosterChange> changes = waiting.stream().map(Waiting::change).toList();
        logs.once(
                        presence,
                        new RosterProcessor(settings.standing(), tops.rule(presence), batch, changes, epochs.next()))
                .onSuccess(result -> {
                    if (result.size() > 0) {
                        Position first = result.position(0);
                        told.appended(presence, first.at(first.offset() - 1), result.size());
                    }
                    for (int i = 0; i < waiting.size(); i++) {
                        waiting.get(i).promise().tryComplete(result.note(i));
                    }
                    free(presence, lane);
                })
                .onFailure(failure -> {
                    expire(waiting, failure);
                    if (waiting.stream().allMatch(one -> one.promise().future().isComplete())) {
                        free(presence, lane);
                    } else {
                        vertx.setTimer(
                                LogMap.pauseMs(tries), later -> attempt(presence, lane, waiting, batch, tries + 1));
                    }
                });
    }

    private static void expire(List<Waiting> waiting, Throwable failure) {
        long now = System.nanoTime();
        for (Waiting one : waiting) {
            if (one.until() - now < 0) {
                one.promise().tryFail(new BrokerUnavailable(LogMap.reason(failure), RETRY_AFTER_MS, failure));
            }
        }
    }

    private void free(String presence, Lane lane) {
        lane.busy = false;
        send(presence, lane);
    }
}
