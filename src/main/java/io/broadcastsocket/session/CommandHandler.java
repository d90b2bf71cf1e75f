package io.broadcastsocket.session;

import io.broadcastsocket.broker.HistoryPage;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.hub.Subscription;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies;
import io.broadcastsocket.protocol.Replies.Subscribed;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Does what a client asks for and answers it.
 *
 * <p>Event loop only; has no state of its own.
 */
final class CommandHandler implements Command.Visitor<Void> {
    private final ClientSession session;
    private final SessionServices services;
    private final Subscriber subscriber;

    CommandHandler(ClientSession session, SessionServices services) {
        this.session = session;
        this.services = services;
        this.subscriber = session.subscriber();
    }

    @Override
    public Void subscribe(Command.Subscribe command) {
        session.order().run(command.channel(), () -> join(command));
        return null;
    }

    private Future<Void> join(Command.Subscribe command) {
        if (session.isEnded()) {
            return Future.succeededFuture();
        }
        Subscription existing = subscriber.find(command.channel());
        if (existing != null && command.start() instanceof Start.Live) {
            subscribed(command.messageId(), new Subscribed(command.channel(), existing.position(), true, 0));
            return Future.succeededFuture();
        }
        if (existing == null && session.roomForChannels() <= 0) {
            session.error(command.messageId(), ErrorCode.CHANNEL_LIMIT, channelLimitMessage());
            return Future.succeededFuture();
        }
        session.joining(1);
        return services.shard()
                .join(subscriber, command.channel(), command.start())
                .onComplete(done -> session.joining(-1))
                .onSuccess(joined -> open(command.messageId(), joined))
                .onFailure(failure -> session.failed(command.messageId(), failure))
                .mapEmpty();
    }

    @Override
    public Void unsubscribe(Command.Unsubscribe command) {
        if (command.channel().equals(ChannelName.EVERYONE)) {
            session.error(
                    command.messageId(),
                    ErrorCode.INVALID_REQUEST,
                    "name a channel; every connection stays subscribed to \"*\"");
            return null;
        }
        session.order().run(command.channel(), () -> leave(command));
        return null;
    }

    private Future<Void> leave(Command.Unsubscribe command) {
        if (session.isEnded()) {
            return Future.succeededFuture();
        }
        Subscription subscription = subscriber.find(command.channel());
        if (subscription != null) {
            services.shard().leave(subscription);
            services.directory().changed(session);
        }
        session.send(Replies.unsubscribed(command.messageId(), command.channel(), session.now()));
        return Future.succeededFuture();
    }

    @Override
    public Void broadcast(Command.Broadcast command) {
        boolean named = command.messageId() != null;
        Draft draft = new Draft(
                command.channel(),
                command.data(),
                named ? command.messageId() : services.ids().message(),
                named ? Draft.Identity.PUBLISHER : Draft.Identity.SERVER,
                command.echo() == Command.Echo.OFF ? session.clientId() : null);
        session.order().after(command.channel(), () -> append(draft));
        return null;
    }

    private void append(Draft draft) {
        services.broker()
                .append(draft)
                .onComplete(
                        accepted -> {
                            services.stats().published.increment();
                            session.send(Replies.accepted(accepted, session.now()));
                        },
                        failure -> session.failed(draft.messageId(), failure));
    }

    @Override
    public Void resume(Command.Resume command) {
        session.order().runAlone(() -> takeUp(command));
        return null;
    }

    private Future<Void> takeUp(Command.Resume command) {
        if (session.isEnded()) {
            return Future.succeededFuture();
        }
        Future<Optional<SessionSnapshot>> earlier = command.session()
                .filter(wanted -> !wanted.equals(session.token()))
                .map(wanted -> services.directory().takeOver(wanted))
                .orElse(Future.succeededFuture(Optional.empty()));
        return earlier.compose(found -> resume(command, found))
                .onFailure(failure -> session.failed(command.messageId(), failure));
    }

    @Override
    public Void history(Command.History command) {
        HistoryPage.read(services.broker(), command.channel(), command.after(), command.limit())
                .onComplete(
                        page -> session.send(Replies.history(
                                command.messageId(),
                                command.channel(),
                                page.publications(),
                                page.top(),
                                page.gap().orElse(null),
                                session.now())),
                        failure -> session.failed(command.messageId(), failure));
        return null;
    }

    /** Every frame of a client shows that it is alive; this one has no other purpose. */
    @Override
    public Void pong(Command.Pong command) {
        return null;
    }

    private Future<Void> resume(Command.Resume command, Optional<SessionSnapshot> earlier) {
        if (session.isEnded()) {
            return earlier.map(snapshot -> services.directory().save(snapshot)).orElse(Future.succeededFuture());
        }
        earlier.ifPresent(session::adopt);
        Map<String, SessionSnapshot.Cursor> cursors =
                new HashMap<>(earlier.map(SessionSnapshot::cursors).orElse(Map.of()));
        cursors.keySet().removeAll(command.positions().keySet());
        Map<String, Start> starts = ClientSession.starts(cursors);
        command.positions().forEach((channel, position) -> starts.put(channel, new Start.Since(position)));
        Joining all = new Joining(services.shard(), subscriber);
        refuseBeyondLimit(starts, all);
        session.joining(starts.size());
        return all.join(starts, cursors).map(joined -> {
            session.joining(-starts.size());
            if (session.isEnded()) {
                joined.abandon();
                return null;
            }
            session.send(Replies.resumed(
                    command.messageId(),
                    session.clientId(),
                    session.token(),
                    joined.subscribed(),
                    joined.refused(),
                    session.now()));
            joined.open();
            services.directory().changed(session);
            earlier.ifPresent(taken -> services.directory().keep(session));
            return null;
        });
    }

    private void refuseBeyondLimit(Map<String, Start> starts, Joining all) {
        int room = session.roomForChannels();
        for (String channel : starts.keySet().toArray(String[]::new)) {
            if (subscriber.find(channel) == null && --room < 0) {
                starts.remove(channel);
                all.refuse(channel, ErrorCode.CHANNEL_LIMIT, channelLimitMessage());
            }
        }
    }

    private void open(String messageId, Joined joined) {
        if (session.isEnded()) {
            services.shard().abandon(joined);
            return;
        }
        subscribed(messageId, new Subscribed(joined.channel(), joined.position(), joined.recovered(), 0));
        services.shard().replace(joined);
        services.directory().changed(session);
    }

    private void subscribed(String messageId, Subscribed subscribed) {
        session.send(Replies.subscribed(messageId, subscribed, session.now()));
    }

    private String channelLimitMessage() {
        return "a connection may have " + services.limits().maxChannels() + " subscriptions";
    }
}
