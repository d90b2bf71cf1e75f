package io.broadcastsocket.session;

import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies;
import io.vertx.core.Future;
import java.util.Map;

/**
 * One resume: of an earlier session, of channels from positions that the client knows, or both.
 *
 * <p>Event loop only. While it is under way the session does nothing else. What an earlier session had is taken up as a whole or
 * stays kept for the client to try again; of what the client names itself, it is told what was refused.
 */
final class Resuming {
    private final ClientSession session;
    private final SessionServices services;
    private final Command.Resume command;
    private final TakeUp takeUp;

    Resuming(ClientSession session, SessionServices services, Command.Resume command) {
        this.session = session;
        this.services = services;
        this.command = command;
        this.takeUp = new TakeUp(session, services);
    }

    Future<Void> start() {
        if (session.isEnded()) {
            return Future.succeededFuture();
        }
        return takeUp.find(command.session())
                .compose(found -> session.isEnded() ? Future.succeededFuture() : join())
                .onFailure(this::fail);
    }

    private Future<Void> join() {
        Map<String, SessionSnapshot.Cursor> cursors = takeUp.cursors();
        cursors.keySet().removeAll(command.positions().keySet());
        Map<String, Start> starts = Joining.starts(cursors);
        command.positions().forEach((channel, position) -> starts.put(channel, new Start.Since(position)));
        Joining all = new Joining(session, services);
        refuseBeyondLimit(starts, all);
        return takeUp.join(all, starts, cursors).compose(this::open);
    }

    /** Who joins and leaves a channel is told with the channel, or not at all. */
    private void refuseBeyondLimit(Map<String, Start> starts, Joining all) {
        int room = session.roomForChannels();
        for (String channel : starts.keySet().toArray(String[]::new)) {
            boolean counts =
                    !ChannelName.isInternal(channel) && session.subscriber().find(channel) == null;
            if (counts && --room < 0) {
                starts.remove(channel);
                starts.remove(ChannelName.presence(channel));
                all.refuse(channel, ErrorCode.CHANNEL_LIMIT, session.channelLimit());
            }
        }
    }

    private Future<Void> open(Joining joined) {
        if (session.isEnded()) {
            joined.abandon();
            return Future.succeededFuture();
        }
        if (takeUp.hasFound() && joined.failure().isPresent()) {
            joined.abandon();
            return Future.failedFuture(joined.failure().get());
        }
        session.send(Replies.resumed(
                command.messageId(),
                session.clientId(),
                session.token(),
                joined.subscribed(),
                joined.refused(),
                session.now()));
        takeUp.open(joined);
        services.directory().changed(session);
        return Future.succeededFuture();
    }

    /** A connection that is the earlier session already, and has not got what that had, cannot go on. */
    private void fail(Throwable failure) {
        if (takeUp.hasFound()) {
            session.fail(failure);
        } else {
            session.failed(command.messageId(), failure);
        }
    }
}
