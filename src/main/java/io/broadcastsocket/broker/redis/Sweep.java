package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes the members of a lease that has lapsed: step by step, so that Redis does other things between, and noting what is
 * done, so that another node can go on. Several nodes may be at it; each member is removed, and told, by one.
 *
 * <p>Event loop only.
 */
final class Sweep {
    /** Members that a script looks at. */
    private static final int STEP = 200;

    private static final int CHANNELS_AT_ONCE = 100;

    private final Links links;
    private final Keys keys;
    private final LogArguments log;

    Sweep(Links links, Keys keys, LogArguments log) {
        this.links = links;
        this.keys = keys;
        this.log = log;
    }

    /** Completes when nothing is left of the lease. */
    Future<Void> of(String lapsed) {
        return of(lapsed, List.of());
    }

    private Future<Void> of(String lapsed, List<String> done) {
        Object[] arguments = Stream.concat(Stream.of(lapsed, CHANNELS_AT_ONCE), done.stream())
                .toArray();
        List<String> names = List.of(keys.lapsedLeases(), keys.channelsOf(lapsed));
        return links.run(Lease.TAG, Scripts.PRESENCE_LAPSED, names, link -> arguments)
                .compose(answer -> {
                    List<String> channels = new ArrayList<>();
                    answer.forEach(channel -> channels.add(channel.toString()));
                    List<Future<Void>> swept = channels.stream()
                            .map(channel -> channel(channel, lapsed, ""))
                            .toList();
                    return channels.isEmpty()
                            ? Future.succeededFuture()
                            : Future.all(swept).compose(all -> of(lapsed, channels));
                });
    }

    private Future<Void> channel(String channel, String lapsed, String after) {
        return links.run(
                        channel,
                        Scripts.PRESENCE_SWEEP,
                        keys.memberKeys(channel),
                        link -> log.arguments(link, channel, lapsed, after, STEP))
                .compose(last -> last.toString().isEmpty()
                        ? Future.succeededFuture()
                        : channel(channel, lapsed, last.toString()));
    }
}
