package io.broadcastsocket.session;

import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Which sessions of this worker are members of which channels, and what they show of themselves. A session that is no member
 * anywhere costs nothing here, and has no field for it.
 *
 * <p>Event loop only.
 */
public final class Attendance {
    private record Stay(Visit visit, String info) {}

    /** What one session has; counts its stays, so that each gets another number. */
    private static final class Stays {
        private final Map<String, Stay> byChannel = new HashMap<>(2);
        private long begun;
        private long changes;
    }

    private final PresenceStore store;
    private final Lingering lingering;
    private final RateLimit limit;
    private final InstantSource clock;
    private final WorkerStats stats;
    private final Map<ClientSession, Stays> bySession = new HashMap<>();

    /** @param limit of what one connection may change, since all who watch are told */
    public Attendance(
            PresenceStore store, Lingering lingering, RateLimit limit, InstantSource clock, WorkerStats stats) {
        this.store = store;
        this.lingering = lingering;
        this.limit = limit;
        this.clock = clock;
        this.stats = stats;
    }

    /**
     * Counts a change that the session asks for: it shows this from now on.
     *
     * @return how long it must wait before it may, milliseconds; 0 when it may now, or shows it already
     */
    long acquire(ClientSession session, String channel, String info) {
        Stays stays = bySession.computeIfAbsent(session, first -> new Stays());
        Stay shown = stays.byChannel.get(channel);
        if (shown != null && shown.info().equals(info)) {
            return 0;
        }
        long now = clock.millis();
        long waitMs = limit.waitMs(stays.changes, now);
        if (waitMs == 0) {
            stays.changes = limit.take(stays.changes, now);
        }
        return waitMs;
    }

    boolean isMember(ClientSession session, String channel) {
        Stays stays = bySession.get(session);
        return stays != null && stays.byChannel.containsKey(channel);
    }

    /** Makes the session's client a member, or changes what it shows. When that fails, all is as it was. */
    Future<Void> enter(ClientSession session, String channel, String info) {
        Stays stays = bySession.computeIfAbsent(session, first -> new Stays());
        Stay earlier = stays.byChannel.get(channel);
        Visit visit = earlier == null ? Visit.of(session.clientId(), session.turn(), stays.begun++) : earlier.visit();
        Stay stay = new Stay(visit, info);
        stays.byChannel.put(channel, stay);
        if (earlier == null) {
            stats.members.increment();
        }
        return store.enter(channel, visit, info)
                .onFailure(failure -> takeBack(stays, channel, stay, earlier))
                .mapEmpty();
    }

    /** A first stay that failed may have begun all the same; of changed info, the client sends it again. */
    private void takeBack(Stays stays, String channel, Stay stay, Stay earlier) {
        if (stays.byChannel.get(channel) != stay) {
            return;
        }
        if (earlier != null) {
            stays.byChannel.put(channel, earlier);
            return;
        }
        stays.byChannel.remove(channel);
        stats.members.decrement();
        lingering.left(channel, stay.visit());
    }

    /** The session's client leaves a channel, if it is a member there. The future always succeeds. */
    Future<Void> leave(ClientSession session, String channel) {
        Stays stays = bySession.get(session);
        Stay stay = stays == null ? null : stays.byChannel.remove(channel);
        if (stay == null) {
            return Future.succeededFuture();
        }
        stats.members.decrement();
        return lingering.left(channel, stay.visit());
    }

    /** The session becomes another client: the one that it was leaves. Gives what that has shown. */
    Map<String, String> giveUp(ClientSession session) {
        Map<String, String> shown = of(session);
        shown.keySet().forEach(channel -> leave(session, channel));
        return shown;
    }

    /** What the session's client shows, by channel. */
    Map<String, String> of(ClientSession session) {
        Stays stays = bySession.get(session);
        if (stays == null) {
            return Map.of();
        }
        Map<String, String> shown = new HashMap<>();
        stays.byChannel.forEach((channel, stay) -> shown.put(channel, stay.info()));
        return shown;
    }

    /** The session's connection is gone: its client remains for a while. */
    void lost(ClientSession session) {
        Stays stays = bySession.remove(session);
        if (stays != null) {
            stays.byChannel.forEach((channel, stay) -> lingering.lost(channel, stay.visit()));
            stats.members.add(-stays.byChannel.size());
            stays.byChannel.clear();
        }
    }
}
