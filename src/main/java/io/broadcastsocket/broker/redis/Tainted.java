package io.broadcastsocket.broker.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Channels whose keys in Redis hold something that is not ours, as far as anybody has tried to use them lately.
 *
 * <p>Event loop only, except for {@link #problem}; pure. It is a matter of these channels and not of Redis.
 */
final class Tainted {
    /** A channel that nobody tries to use is forgotten after so long. */
    private static final long FORGET_NANOS = 60_000_000_000L;

    private static final int MOST = 1000;

    private record Taint(String reason, long at) {}

    private final Map<String, Taint> channels = new LinkedHashMap<>();
    private volatile String problem;

    /** Redis refused something of a channel. */
    void refused(String channel, String reason, long now) {
        if (channels.size() < MOST) {
            channels.put(channel, new Taint(reason, now));
            summarize();
        }
    }

    /** Redis did something of a channel. */
    void accepted(String channel) {
        if (!channels.isEmpty() && channels.remove(channel) != null) {
            summarize();
        }
    }

    /** Call regularly. */
    void expire(long now) {
        if (channels.values().removeIf(taint -> now - taint.at() > FORGET_NANOS)) {
            summarize();
        }
    }

    /** A sentence that names a channel and what is wrong with it; any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private void summarize() {
        problem = channels.entrySet().stream()
                .findFirst()
                .map(first ->
                        "channel " + first.getKey() + ": " + first.getValue().reason()
                                + (channels.size() == 1 ? "" : "; and " + (channels.size() - 1) + " other channels"))
                .orElse(null);
    }
}
