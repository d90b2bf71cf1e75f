package io.broadcastsocket.session;

import io.broadcastsocket.broker.HistoryPage;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies;
import io.vertx.core.Future;

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
        session.order().run(command.channel(), () -> new Subscribing(session, services, command).start());
        return null;
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
        session.leave(command.channel());
        session.leave(ChannelName.presence(command.channel()));
        return services.attendance()
                .leave(session, command.channel())
                .onSuccess(left ->
                        session.send(Replies.unsubscribed(command.messageId(), command.channel(), session.now())));
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
        session.order().runAlone(() -> new Resuming(session, services, command).start());
        return null;
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

    @Override
    public Void presence(Command.Presence command) {
        session.order().after(command.channel(), () -> services.presence()
                .page(command.channel(), command.after(), command.limit())
                .onComplete(
                        page -> session.send(
                                Replies.presence(command.messageId(), command.channel(), page, session.now())),
                        failure -> session.failed(command.messageId(), failure)));
        return null;
    }

    /** Every frame of a client shows that it is alive; this one has no other purpose. */
    @Override
    public Void pong(Command.Pong command) {
        return null;
    }
}
