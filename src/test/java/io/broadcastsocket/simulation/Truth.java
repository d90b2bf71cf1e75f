package io.broadcastsocket.simulation;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Everything that was ever accepted, to compare with what clients see. */
final class Truth {
    private record Key(String channel, String epoch, long offset) {}

    private record Entry(long number, String withheldFrom) {}

    private final int historySize;
    private final Function<String, Position> tops;
    private final Function<String, SlowConsumer> policies;
    private final Map<Key, Entry> accepted = new HashMap<>();
    private final Map<String, Long> topByEpoch = new HashMap<>();

    Truth(int historySize, Function<String, Position> tops, Function<String, SlowConsumer> policies) {
        this.historySize = historySize;
        this.tops = tops;
        this.policies = policies;
    }

    void accepted(Accepted publication, long number, String withheldFrom) {
        Position position = publication.position();
        accepted.put(
                new Key(publication.channel(), position.epoch(), position.offset()), new Entry(number, withheldFrom));
        topByEpoch.merge(publication.channel() + position.epoch(), position.offset(), Math::max);
    }

    long number(String channel, String epoch, long offset) {
        Entry entry = accepted.get(new Key(channel, epoch, offset));
        return entry == null ? -1 : entry.number();
    }

    boolean isWithheld(String channel, String epoch, long offset, String clientId) {
        Entry entry = accepted.get(new Key(channel, epoch, offset));
        return entry != null && clientId.equals(entry.withheldFrom());
    }

    /** The newest offset that the history can no longer have. */
    long trimmedUpTo(String channel, String epoch) {
        return topByEpoch.getOrDefault(channel + epoch, 0L) - historySize;
    }

    Position top(String channel) {
        return tops.apply(channel);
    }

    SlowConsumer policy(String channel) {
        return policies.apply(channel);
    }
}
