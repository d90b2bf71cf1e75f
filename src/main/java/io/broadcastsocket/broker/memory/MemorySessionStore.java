package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The sessions of absent clients in the memory of one process.
 *
 * <p>Thread-safe. Entries stand in the order in which they expire, since all live equally long.
 */
public final class MemorySessionStore implements SessionStore {
    private record Saved(SessionSnapshot session, long expiresAt) {}

    private final long ttlMs;
    private final int maxSessions;
    private final InstantSource clock;
    private final Map<String, Saved> sessions = new LinkedHashMap<>();

    /**
     * @param ttlMs how long a session waits for its client, milliseconds
     * @param maxSessions beyond this the longest absent are forgotten
     */
    public MemorySessionStore(long ttlMs, int maxSessions, InstantSource clock) {
        this.ttlMs = ttlMs;
        this.maxSessions = maxSessions;
        this.clock = clock;
    }

    @Override
    public synchronized Future<Void> save(SessionSnapshot session) {
        sessions.remove(session.token());
        sessions.put(session.token(), new Saved(session, clock.millis() + ttlMs));
        expire();
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
        expire();
        if (!isWanted.getAsBoolean()) {
            return Future.succeededFuture(Optional.empty());
        }
        return Future.succeededFuture(
                Optional.ofNullable(sessions.remove(token)).map(Saved::session));
    }

    /** Forgets the sessions whose time has passed. */
    public synchronized void expire() {
        long now = clock.millis();
        Iterator<Saved> oldest = sessions.values().iterator();
        while (oldest.hasNext() && (oldest.next().expiresAt() <= now || sessions.size() > maxSessions)) {
            oldest.remove();
        }
    }

    /** How many sessions wait for their client. */
    public synchronized int size() {
        return sessions.size();
    }
}
