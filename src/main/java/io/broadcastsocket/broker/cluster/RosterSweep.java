package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.ChannelName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the members of nodes that are gone: each node in the rosters that it owns, since these always have an owner. A node that
 * has left is given the time in which its clients may come to others; then its members leave.
 *
 * <p>Event loop only. Which logs a node owns changes when a node has left, so it looks several times.
 */
final class RosterSweep implements Peers.Listener {
    /** Looks after a node's time is over, milliseconds. */
    private static final long[] LOOKS_MS = {0, 1000, 2000, 4000, 8000};

    /** However many looks have failed, one comes again. */
    private static final long REGULARLY_MS = 30_000;

    private static final Logger log = LoggerFactory.getLogger(RosterSweep.class);

    private final Vertx vertx;
    private final ClusterSettings settings;
    private final Peers peers;
    private final LogMap logs;
    private final RosterChanges changes;

    /** Nodes that have left, and until when their members may stay, nanoseconds. */
    private final Map<String, Long> leaving = new HashMap<>();

    RosterSweep(Vertx vertx, ClusterSettings settings, Peers peers, LogMap logs, RosterChanges changes) {
        this.vertx = vertx;
        this.settings = settings;
        this.peers = peers;
        this.logs = logs;
        this.changes = changes;
        // A node that has just started does not know who left a moment ago.
        vertx.setPeriodic(Math.max(REGULARLY_MS, settings.presenceLingerMs()), REGULARLY_MS, timer -> look());
    }

    @Override
    public void joined(String node) {
        leaving.remove(node);
    }

    @Override
    public void left(String node) {
        leaving.put(node, System.nanoTime() + settings.presenceLingerMs() * 1_000_000);
        for (long later : LOOKS_MS) {
            vertx.setTimer(settings.presenceLingerMs() + 1 + later, timer -> look());
        }
    }

    private void look() {
        long now = System.nanoTime();
        leaving.values().removeIf(until -> until - now < 0);
        List<String> known = new ArrayList<>(peers.nodes());
        known.add(settings.nodeId());
        known.addAll(leaving.keySet());
        vertx.executeBlocking(logs::owned)
                .compose(owned ->
                        sweep(owned.stream().filter(ChannelName::isPresence).toList(), known))
                .onFailure(failure -> log.debug("the look at members failed, and comes again", failure));
    }

    private Future<Void> sweep(List<String> presences, List<String> known) {
        Future<Void> all = Future.succeededFuture();
        for (int from = 0; from < presences.size(); from += Tops.MOST) {
            Set<String> some = Set.copyOf(presences.subList(from, Math.min(presences.size(), from + Tops.MOST)));
            all = all.compose(before -> logs.all(some, new RosterSurvey("", known)))
                    .map(found -> {
                        found.forEach((presence, sum) -> {
                            if (sum == RosterSurvey.STRANGERS) {
                                changes.make(presence, RosterChange.sweep(known));
                            }
                        });
                        return null;
                    });
        }
        return all;
    }
}
