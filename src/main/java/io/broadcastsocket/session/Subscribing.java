package io.broadcastsocket.session;

import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.hub.Subscription;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.Command.Subscribe;
import io.broadcastsocket.protocol.Command.Watch;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies;
import io.broadcastsocket.protocol.Replies.Subscribed;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One subscribe: to the channel, to who joins and leaves it, and as a member of it. All of it takes effect, or nothing.
 *
 * <p>Event loop only. The order matters: pushes are in effect before the client is a member, and both before the snapshot is
 * taken, so that what the snapshot does not show is pushed after it.
 */
final class Subscribing {
    /** Members in the snapshot. */
    private static final int SNAPSHOT = 100;

    private final ClientSession session;
    private final SessionServices services;
    private final Subscriber subscriber;
    private final Subscribe command;
    private Joined channel;
    private Joined presence;
    private boolean hasEntered;

    Subscribing(ClientSession session, SessionServices services, Subscribe command) {
        this.session = session;
        this.services = services;
        this.subscriber = session.subscriber();
        this.command = command;
    }

    Future<Void> start() {
        if (session.isEnded()) {
            return Future.succeededFuture();
        }
        Optional<String> problem = problem();
        boolean isNew = subscriber.find(command.channel()) == null;
        if (problem.isPresent()) {
            session.error(command.messageId(), ErrorCode.INVALID_REQUEST, problem.get());
            return Future.succeededFuture();
        }
        if (isNew && session.roomForChannels() <= 0) {
            session.error(command.messageId(), ErrorCode.CHANNEL_LIMIT, session.channelLimit());
            return Future.succeededFuture();
        }
        long waitMs = command.info()
                .map(info -> services.attendance().acquire(session, command.channel(), info))
                .orElse(0L);
        if (waitMs > 0) {
            session.limited(command.messageId(), "too many changes of presence on this connection", waitMs);
            return Future.succeededFuture();
        }
        int more = isNew ? 1 : 0;
        session.joining(more);
        return joinChannel(isNew)
                .compose(joined -> joinPresence())
                .compose(joined -> enter())
                .compose(entered -> snapshot())
                .onComplete(done -> session.joining(-more))
                .onComplete(this::open, this::abandon)
                .mapEmpty();
    }

    private Optional<String> problem() {
        int mostBytes = services.limits().infoBytes();
        boolean tooLarge = command.info()
                .filter(info -> info.getBytes(StandardCharsets.UTF_8).length > mostBytes)
                .isPresent();
        if (tooLarge) {
            return Optional.of("\"info\" may have " + mostBytes + " bytes");
        }
        return command.watch() == Watch.ON && session.dialect() == Dialect.PLAIN
                ? Optional.of("\"presence\" needs the subprotocol " + Dialect.SUBPROTOCOL_V1)
                : Optional.empty();
    }

    private Future<Void> joinChannel(boolean isNew) {
        if (!isNew && command.start() instanceof Start.Live) {
            return Future.succeededFuture();
        }
        return services.shard()
                .join(subscriber, command.channel(), command.start())
                .onSuccess(joined -> channel = joined)
                .mapEmpty();
    }

    private Future<Void> joinPresence() {
        if (command.watch() != Watch.ON || subscriber.find(presenceChannel()) != null) {
            return Future.succeededFuture();
        }
        return services.shard()
                .join(subscriber, presenceChannel(), new Start.Live())
                .onSuccess(joined -> presence = joined)
                .mapEmpty();
    }

    /** Not for a connection that has ended meanwhile: nobody would end that stay. */
    private Future<Void> enter() {
        if (command.info().isEmpty() || session.isEnded()) {
            return Future.succeededFuture();
        }
        boolean isMember = services.attendance().isMember(session, command.channel());
        return services.attendance()
                .enter(session, command.channel(), command.info().get())
                .onSuccess(entered -> hasEntered = !isMember);
    }

    private Future<Optional<PresencePage>> snapshot() {
        return command.watch() == Watch.ON
                ? services.presence().page(command.channel(), "", SNAPSHOT).map(Optional::of)
                : Future.succeededFuture(Optional.empty());
    }

    private void open(Optional<PresencePage> snapshot) {
        if (session.isEnded()) {
            abandon();
            return;
        }
        Subscribed subscribed = channel == null
                ? asItStands()
                : new Subscribed(command.channel(), channel.position(), channel.recovered(), 0);
        session.send(
                snapshot.isPresent()
                        ? Replies.subscribed(command.messageId(), subscribed, snapshot.get(), session.now())
                        : Replies.subscribed(command.messageId(), subscribed, session.now()));
        if (channel != null) {
            services.shard().replace(channel);
        }
        if (presence != null) {
            services.shard().open(presence);
        }
        if (command.watch() == Watch.OFF) {
            session.leave(presenceChannel());
        }
        services.directory().changed(session);
    }

    private Subscribed asItStands() {
        Subscription existing = subscriber.find(command.channel());
        return new Subscribed(command.channel(), existing.position(), true, 0);
    }

    private void abandon(Throwable failure) {
        abandon();
        if (hasEntered) {
            services.attendance().leave(session, command.channel());
        }
        session.failed(command.messageId(), failure);
    }

    private void abandon() {
        if (channel != null) {
            services.shard().abandon(channel);
        }
        if (presence != null) {
            services.shard().abandon(presence);
        }
    }

    private String presenceChannel() {
        return ChannelName.presence(command.channel());
    }
}
