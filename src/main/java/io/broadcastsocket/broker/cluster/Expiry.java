package io.broadcastsocket.broker.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what is too old in the logs that this node owns. When all of them together exceed their bound, ages shrink by half at
 * each round, so the oldest publications of all channels go first, until they fit.
 *
 * <p>Event loop only.
 */
final class Expiry {
    private static final int MOST = 500;
    private static final Logger log = LoggerFactory.getLogger(Expiry.class);

    private final Vertx vertx;
    private final LogMap logs;
    private final long mostBytes;
    private boolean running;
    private double share = 1;
    private volatile long bytes;

    /** @param mostBytes bytes of all logs together above which the oldest publications go early */
    Expiry(Vertx vertx, LogMap logs, long mostBytes) {
        this.vertx = vertx;
        this.logs = logs;
        this.mostBytes = mostBytes;
    }

    /** Bytes of the logs that this node owns, a moment ago; any thread. */
    long bytes() {
        return bytes;
    }

    /** Begins a round, unless one is under way; call regularly. */
    void start() {
        if (running) {
            return;
        }
        running = true;
        vertx.executeBlocking(logs::owned)
                .compose(this::expire)
                .onSuccess(this::measured)
                .onFailure(failure -> log.debug("expiry failed, and will be tried again", failure))
                .onComplete(done -> running = false);
    }

    private Future<Long> expire(Set<String> owned) {
        List<String> names = new ArrayList<>(owned);
        ExpireProcessor step = new ExpireProcessor(logs.time(), share);
        Future<Long> sum = Future.succeededFuture(0L);
        for (int from = 0; from < names.size(); from += MOST) {
            Set<String> some = Set.copyOf(names.subList(from, Math.min(names.size(), from + MOST)));
            sum = sum.compose(before -> logs.all(some, step).map(left -> before + sum(left)));
        }
        return sum;
    }

    private static long sum(Map<String, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    private void measured(long all) {
        bytes = all;
        share = all > mostBytes ? share / 2 : Math.min(1, all < mostBytes / 2 ? share * 2 : share);
    }
}
