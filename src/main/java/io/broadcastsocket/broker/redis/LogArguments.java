package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every script needs that adds to a channel's log: {@code log.lua} names it.
 *
 * <p>Event loop only.
 */
final class LogArguments {
    private final RedisSettings settings;
    private final ChannelRules rules;
    private final Keys keys;
    private final Epochs epochs;

    LogArguments(RedisSettings settings, ChannelRules rules, Epochs epochs) {
        this.settings = settings;
        this.rules = rules;
        this.keys = new Keys(settings.prefix());
        this.epochs = epochs;
    }

    /** The keys of the log, with which those of the script begin. */
    List<String> keys(String channel) {
        return List.of(keys.stream(channel), keys.log(channel));
    }

    /**
     * The arguments of a script.
     *
     * @param own what the script takes beyond those of the log
     */
    Object[] arguments(RedisLink link, String channel, Object... own) {
        ChannelRule.History history = rules.of(channel).history();
        Stream<Object> log = Stream.of(
                link.generation(),
                epochs.next(),
                Math.max(settings.positionMs(), history.ttlMs()),
                history.size(),
                history.bytes(),
                history.ttlMs(),
                link.hasShardedPubSub() ? "SPUBLISH" : "PUBLISH",
                keys.announcements(channel));
        return Stream.concat(log, Arrays.stream(own)).toArray();
    }
}
