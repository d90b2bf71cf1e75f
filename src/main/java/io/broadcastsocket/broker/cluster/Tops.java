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
import java.util.function.Predicate;

/**
 * Tells where logs stand.
 *
 * <p>Event loop only. A log that somebody listens to and that is gone, with the members that had it, begins anew for that.
 */
final class Tops {
    /** Most channels asked for at once. */
    static final int MOST = 500;

    /** Where a channel stands that has no log. A later log has another epoch, so nothing is taken for its beginning. */
    static final Position UNUSED = new Position("unused", 0);

    private final ClusterSettings settings;
    private final ChannelRules rules;
    private final LogMap logs;
    private final Epochs epochs;
    private final Predicate<String> isHeard;

    Tops(ClusterSettings settings, ChannelRules rules, LogMap logs, Epochs epochs, Predicate<String> isHeard) {
        this.settings = settings;
        this.rules = rules;
        this.logs = logs;
        this.epochs = epochs;
        this.isHeard = isHeard;
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
                        if (page == null && isHeard.test(channel)) {
                            missing.add(begin(channel).map(top -> {
                                tops.put(channel, top);
                                return null;
                            }));
                        } else {
                            tops.put(channel, page == null ? UNUSED : page.top());
                        }
                    }
                    return Future.join(missing).map(tops);
                });
    }

    /** Where a log stands for certain; it begins if there is none. */
    Future<Position> begin(String channel) {
        return logs.insist(channel, () -> new AttachProcessor(settings.standing(), rule(channel), epochs.next()))
                .map(LogPage::top);
    }

    LogRule rule(String channel) {
        return LogRule.of(rules.of(channel).history(), settings);
    }
}
