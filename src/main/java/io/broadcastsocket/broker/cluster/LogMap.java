package io.broadcastsocket.broker.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The cluster's map of logs, asked without waiting.
 *
 * <p>Event loop only.
 */
final class LogMap {
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 250;
    private static final long RETRY_AFTER_MS = 1000;

    private static final long ANSWER_MS = 3000;

    /** Steps under way: as many as a few partitions are busy with for some milliseconds. */
    private static final int MOST_STEPS = 256;

    /** Of these that bring pages: some megabytes. All clients of a node that has died come at once, each from where it was. */
    private static final int MOST_READS = 32;

    /** A page that has not come within this time fills no way, and its member may be frozen: it makes room for others. */
    private static final long READ_TURN_MS = 250;

    private final Vertx vertx;
    private final Context context;
    private final HazelcastInstance hazelcast;
    private final IMap<String, ChannelLog> map;
    private final long waitMs;
    private final Gate steps = new Gate(MOST_STEPS);
    private final Gate reads = new Gate(MOST_READS);
    private final Departures departures = new Departures(System::nanoTime);
    private Function<String, Future<Void>> renew;
    private volatile String problem;

    /** @param waitMs how long what is asked for may be asked again, milliseconds */
    LogMap(Vertx vertx, Context context, HazelcastInstance hazelcast, long waitMs) {
        this.vertx = vertx;
        this.context = context;
        this.hazelcast = hazelcast;
        this.map = hazelcast.getMap(MemberConfig.LOGS);
        this.waitMs = waitMs;
    }

    /** How a log that may be the past begins another epoch. */
    void renewBy(Function<String, Future<Void>> renewal) {
        renew = renewal;
    }

    /** How long to pause before the next try after so many. */
    static long pauseMs(int tries) {
        return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(tries, 10));
    }

    /** Why the last step failed, until one succeeds; any thread. */
    String problem() {
        return problem;
    }

    /** The time that all members agree on, milliseconds since 1970. */
    long time() {
        return hazelcast.getCluster().getClusterTime();
    }

    /**
     * Takes a step once, until it is certain that the copy has confirmed it.
     *
     * <p>When a member leaves, Hazelcast takes that, a moment later, for the confirmation of every copy that is waited for then,
     * whoever has the copy. So an answer is worth nothing when a member has left since the question; and after a departure the
     * step is taken once more for each, since each can stand in for one confirmation only. The first answer counts: what it shows is
     * part of what a later confirmation is about.
     */
    <R> Future<R> once(String channel, LogProcessor<R> step) {
        return once(steps, channel, step);
    }

    private <R> Future<R> once(Gate gate, String channel, LogProcessor<R> step) {
        return attempt(gate, channel, step)
                .compose(first -> confirm(gate, channel, step, first, 1))
                .onSuccess(done -> problem = null)
                .onFailure(failure -> problem = reason(failure));
    }

    private <R> Future<R> confirm(Gate gate, String channel, LogProcessor<R> step, R first, int successes) {
        return successes > departures.recent()
                ? Future.succeededFuture(first)
                : attempt(gate, channel, step.again(first))
                        .compose(later -> step.covers(first, later)
                                ? confirm(gate, channel, step, first, successes + 1)
                                : Future.failedFuture(new NotServing("the log was lost before it was certain")));
    }

    private <R> Future<R> attempt(Gate gate, String channel, LogProcessor<R> step) {
        Promise<R> answer = Promise.promise();
        gate.pass(channel, () -> {
            Future<R> asked = ask(channel, step).onComplete(answer::handle);
            return gate == reads ? Deadline.within(vertx, READ_TURN_MS, asked) : asked;
        });
        return answer.future();
    }

    private <R> Future<R> ask(String channel, LogProcessor<R> step) {
        Set<Member> before = members();
        return call(() -> map.submitToKey(channel, step))
                .compose(done -> members().containsAll(before)
                        ? Future.succeededFuture(done)
                        : Future.failedFuture(
                                new NotServing("a node has gone before the copy of the log was certain")));
    }

    private Set<Member> members() {
        try {
            Set<Member> members = hazelcast.getCluster().getMembers();
            departures.see(members);
            return members;
        } catch (HazelcastInstanceNotActiveException restarting) {
            return Set.of();
        }
    }

    /** Takes a step that can be taken again, until it succeeds or the time is over: then it is unavailable. */
    <R> Future<R> insist(String channel, Supplier<LogProcessor<R>> step) {
        return insist(steps, channel, step, System.nanoTime() + waitMs * 1_000_000, 0);
    }

    /** The same for a step that brings a page: only a few are under way, and the others wait for their turn. */
    <R> Future<R> read(String channel, Supplier<LogProcessor<R>> step) {
        return insist(reads, channel, step, System.nanoTime() + waitMs * 1_000_000, 0);
    }

    private <R> Future<R> insist(Gate gate, String channel, Supplier<LogProcessor<R>> step, long until, int tries) {
        return once(gate, channel, step.get()).recover(failure -> {
            if (until - System.nanoTime() < 0) {
                return Future.failedFuture(new BrokerUnavailable(reason(failure), RETRY_AFTER_MS, failure));
            }
            Future<Void> before =
                    failure instanceof PastLog ? renew.apply(channel).recover(again -> pause(tries)) : pause(tries);
            return before.compose(done -> insist(gate, channel, step, until, tries + 1));
        });
    }

    private Future<Void> pause(int tries) {
        return vertx.timer(pauseMs(tries)).mapEmpty();
    }

    /** Does something with many logs at once; those without a log are left out. */
    <R> Future<Map<String, R>> all(Set<String> channels, EntryProcessor<String, ChannelLog, R> step) {
        return call(() -> map.submitToKeys(channels, step))
                .recover(failure ->
                        Future.failedFuture(new BrokerUnavailable(reason(failure), RETRY_AFTER_MS, failure)));
    }

    /** Names of the logs that this node owns; blocks. */
    Set<String> owned() {
        return map.localKeySet();
    }

    static String reason(Throwable failure) {
        return failure instanceof NotServing
                ? failure.getMessage()
                : "the cluster does not answer: " + failure.getClass().getSimpleName();
    }

    private <R> Future<R> call(Supplier<CompletionStage<R>> call) {
        Promise<R> promise = Promise.promise();
        try {
            call.get().whenComplete((result, failure) -> comeBack(promise, result, failure));
        } catch (RuntimeException failure) {
            // The instance shuts down, or restarts after a split.
            promise.fail(failure);
        }
        // Everything that is asked can be asked again; an answer that comes later is not waited for.
        return Deadline.within(vertx, ANSWER_MS, promise.future());
    }

    private <R> void comeBack(Promise<R> promise, R result, Throwable failure) {
        try {
            context.runOnContext(here -> {
                if (failure == null) {
                    promise.tryComplete(result);
                } else {
                    promise.tryFail(failure);
                }
            });
        } catch (RejectedExecutionException ended) {
            promise.tryFail(ended);
        }
    }
}
