package io.broadcastsocket.session;

import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.Replies;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session until its welcome: it takes up the one that the client asks for, joins what it is subscribed to from the beginning, and
 * keeps what the client says meanwhile.
 *
 * <p>Event loop only.
 */
final class Opening {
    private final ClientSession session;
    private final SessionServices services;
    private final Set<String> standing;
    private final TakeUp takeUp;

    /** No more than was read before reading was paused. */
    private final List<byte[]> early = new ArrayList<>(1);

    Opening(ClientSession session, SessionServices services, Set<String> standing) {
        this.session = session;
        this.services = services;
        this.standing = standing;
        this.takeUp = new TakeUp(session, services);
    }

    void start(Optional<String> token) {
        takeUp.find(token)
                .compose(found -> session.isEnded() ? Future.succeededFuture() : join())
                .onFailure(session::fail);
    }

    void received(byte[] text) {
        early.add(text);
    }

    private Future<Void> join() {
        Map<String, SessionSnapshot.Cursor> cursors = takeUp.cursors();
        Map<String, Start> starts = Joining.starts(cursors);
        standing.forEach(channel -> starts.putIfAbsent(channel, new Start.Live()));
        return takeUp.join(new Joining(session, services), starts, cursors).compose(this::open);
    }

    private Future<Void> open(Joining joined) {
        if (session.isEnded() || joined.failure().isPresent()) {
            joined.abandon();
            return joined.failure().<Future<Void>>map(Future::failedFuture).orElse(Future.succeededFuture());
        }
        session.opened();
        session.send(Replies.welcome(welcome(joined), session.now()));
        takeUp.open(joined);
        early.forEach(session::received);
        session.resumeReading();
        return Future.succeededFuture();
    }

    private Replies.Welcome welcome(Joining joined) {
        SessionLimits limits = services.limits();
        return new Replies.Welcome(
                session.clientId(),
                session.token(),
                takeUp.hasFound(),
                services.nodeId(),
                limits.heartbeatMs(),
                limits.maxMessageBytes(),
                limits.maxChannels(),
                limits.spreadMs(),
                limits.sessionTtlMs(),
                joined.subscribed());
    }
}
