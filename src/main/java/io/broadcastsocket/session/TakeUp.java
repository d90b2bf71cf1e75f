package io.broadcastsocket.session;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command.Start;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A connection takes up what an earlier one has left, if that is found. Until it is done, this answers for all of it: a connection
 * that ends before leaves the earlier subscriptions as they were.
 *
 * <p>Event loop only. One for each attempt.
 */
final class TakeUp {
    private final ClientSession session;
    private final SessionServices services;
    private SessionSnapshot earlier;
    private Map<String, String> members = Map.of();

    TakeUp(ClientSession session, SessionServices services) {
        this.session = session;
        this.services = services;
    }

    /** Finds the session with this token, which the connection is from then on. One that has ended meanwhile gives it back. */
    Future<Void> find(Optional<String> token) {
        return token.filter(wanted -> !wanted.equals(session.token()))
                .map(wanted -> services.directory().takeOver(wanted, () -> !session.isEnded()))
                .orElse(Future.succeededFuture(Optional.empty()))
                .map(found -> {
                    found.ifPresent(this::adopt);
                    return null;
                });
    }

    private void adopt(SessionSnapshot found) {
        if (session.isEnded()) {
            services.directory().save(found.nextTurn());
            return;
        }
        earlier = found;
        members = new HashMap<>(found.members());
        members.putAll(services.attendance().giveUp(session));
        session.become(found, this);
    }

    boolean hasFound() {
        return earlier != null;
    }

    /** The earlier subscriptions that this connection can have; the caller's to change. */
    Map<String, SessionSnapshot.Cursor> cursors() {
        return hasFound() ? Joining.cursors(earlier, session.dialect()) : new HashMap<>();
    }

    /** Decides on every channel, and makes the client a member where it was one. */
    Future<Joining> join(Joining all, Map<String, Start> starts, Map<String, SessionSnapshot.Cursor> cursors) {
        return all.join(starts, cursors).compose(joined -> joined.enter(members));
    }

    /** Delivery begins: from now on what the connection has is all there is. */
    void open(Joining joined) {
        session.reached(joined.reached());
        joined.open();
        if (hasFound()) {
            session.tookUp();
            services.directory().keep(session);
        }
    }

    /** What a connection that ends now leaves beside its own. */
    void addTo(Map<String, SessionSnapshot.Cursor> cursors, Map<String, String> shown, Map<String, Position> reached) {
        earlier.cursors().forEach((channel, cursor) -> cursors.put(channel, cursor.reaching(reached.get(channel))));
        shown.putAll(members);
    }
}
