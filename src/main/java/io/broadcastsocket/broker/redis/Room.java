package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a node knows of the members of one channel that have come to it.
 *
 * <p>Event loop only.
 */
final class Room {
    /** What a member has said last. */
    record Said(long visit, String info) {}

    /** One client, and what is being done about it. */
    static final class Stay {
        private static final long NONE = -1;

        /** Null when it is no member, or about to be none. */
        Said said;

        /** The last visit of which a step has failed: Redis may have a member that nobody here knows. */
        private long inDoubt = NONE;

        /** The last step that has not ended; null when none is under way. */
        private Future<?> last;

        /** A step of a visit has ended; what has failed was done or not, until the same or a later one succeeds. */
        void ended(long visit, boolean failed) {
            if (visit >= inDoubt) {
                inDoubt = failed ? visit : NONE;
            }
        }

        /** Does something after what was begun before. */
        <T> Future<T> then(Supplier<Future<T>> step) {
            Future<T> now = last == null ? step.get() : last.transform(done -> step.get());
            last = now;
            now.onComplete(done -> {
                if (last == now) {
                    last = null;
                }
            });
            return now;
        }
    }

    final String channel;

    private final Map<String, Stay> stays = new HashMap<>();

    /** The lease that has been told of this channel, or is being told; null for none. */
    String lease;

    /** When that is done. */
    Future<Void> registration;

    /** Which life of its server the members were entered in; empty when some may be missing, null before the first. */
    String generation;

    /** When the members were kept for longer last, as {@link System#nanoTime} tells. */
    long keptAt = System.nanoTime();

    int underWay;

    Room(String channel) {
        this.channel = channel;
    }

    Stay stay(String clientId) {
        return stays.computeIfAbsent(clientId, unknown -> new Stay());
    }

    List<String> clients() {
        return List.copyOf(stays.keySet());
    }

    void forgetIfOver(String clientId, Stay stay) {
        if (stay.said == null && stay.last == null && stay.inDoubt == Stay.NONE) {
            stays.remove(clientId, stay);
        }
    }

    boolean isOver() {
        return stays.isEmpty() && underWay == 0;
    }

    /** A member was entered in this life of the server. */
    void met(String serverGeneration) {
        if (generation == null) {
            generation = serverGeneration;
        }
    }
}
