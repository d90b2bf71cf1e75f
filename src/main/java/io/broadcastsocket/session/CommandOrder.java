package io.broadcastsocket.session;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes the commands of a session about one channel take effect in the order in which they came, however long the broker takes
 * for each.
 *
 * <p>Event loop only. Holds nothing while nothing is under way.
 */
final class CommandOrder {
    private Map<String, Future<Void>> underWay = Map.of();

    /** A step about all channels; null when none is under way. */
    private Future<Void> alone;

    /** Begins a step about a channel after those that came before, which later ones wait for. */
    void run(String channel, Supplier<Future<Void>> step) {
        Future<Void> before = underWay.getOrDefault(channel, alone);
        Future<Void> now = before == null ? step.get() : before.transform(done -> step.get());
        if (!now.isComplete()) {
            if (underWay.isEmpty()) {
                underWay = new HashMap<>(4);
            }
            Map<String, Future<Void>> among = underWay;
            among.put(channel, now);
            now.onComplete(done -> {
                among.remove(channel, now);
                if (underWay.isEmpty()) {
                    underWay = Map.of();
                }
            });
        }
    }

    /** Does something about a channel after the steps that came before; nothing waits for it. */
    void after(String channel, Runnable action) {
        Future<Void> before = underWay.getOrDefault(channel, alone);
        if (before == null) {
            action.run();
        } else {
            before.onComplete(done -> action.run());
        }
    }

    /** Begins a step about all channels after everything that came before, which everything later waits for. */
    void runAlone(Supplier<Future<Void>> step) {
        List<Future<Void>> before = new ArrayList<>(underWay.values());
        if (alone != null) {
            before.add(alone);
        }
        underWay = Map.of();
        Future<Void> now = before.isEmpty() ? step.get() : Future.join(before).transform(done -> step.get());
        if (!now.isComplete()) {
            alone = now;
            now.onComplete(done -> {
                if (alone == now) {
                    alone = null;
                }
            });
        }
    }
}
