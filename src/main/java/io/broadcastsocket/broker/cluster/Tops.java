package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells where logs stand.
 *
 * <p>Event loop only. A channel without a log gets one for that, for a while: so it has an epoch, and what is appended later
 * follows the position that was told.
 */
final class Tops {
    /** Most channels asked for at once. */
    static final int MOST = 500;

    private final ClusterSettings settings;
    private final ChannelRules rules;
    private final LogMap logs;
    private final Epochs epochs;
    private long renewals;

    Tops(ClusterSettings settings, ChannelRules rules, LogMap logs, Epochs epochs) {
        this.settings = settings;
        this.rules = rules;
        this.logs = logs;
        this.epochs = epochs;
    }

    /** Where many logs stand; what it tells may still be lost, so it may only be a reason to read. */
    Future<Map<String, Position>> of(Collection<String> channels) {
        long keptMs = channels.stream()
                .mapToLong(channel -> rule(channel).keptMs())
                .max()
                .orElse(0);
        return logs.all(Set.copyOf(channels), new TopsProcessor(keptMs, logs.time()))
                .compose(found -> {
                    Map<String, Position> tops = new HashMap<>();
                    List<Future<Void>> missing = new ArrayList<>();
                    for (String channel : channels) {
                        LogPage page = found.get(channel);
                        if (page != null) {
                            tops.put(channel, page.top());
                        } else {
                            missing.add(begin(channel).map(top -> {
                                tops.put(channel, top);
                                return null;
                            }));
                        }
                    }
                    return Future.join(missing).transform(done -> had(tops, done.cause()));
                });
    }

    /** Those that could be had. */
    private static Future<Map<String, Position>> had(Map<String, Position> tops, Throwable failure) {
        return tops.isEmpty() && failure != null ? Future.failedFuture(failure) : Future.succeededFuture(tops);
    }

    /** Where a log stands for certain; it begins if there is none. */
    Future<Position> begin(String channel) {
        return logs.insist(channel, () -> new AttachProcessor(settings.standing(), rule(channel), epochs.next()))
                .map(LogPage::top);
    }

    /** Has a log that may be the past begin another epoch, by appending nothing to it. */
    Future<Void> renew(String channel) {
        Batch nothing = new Batch(settings.nodeId() + "/renewal", ++renewals, List.of());
        return logs.once(channel, new AppendProcessor(settings.standing(), rule(channel), nothing, epochs.next()))
                .mapEmpty();
    }

    LogRule rule(String channel) {
        return LogRule.of(rules.of(channel).history(), settings);
    }
}
