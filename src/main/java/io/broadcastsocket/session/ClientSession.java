package io.broadcastsocket.session;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.HistoryPage;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.hub.Subscription;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.CommandParser;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.ProtocolException;
import io.broadcastsocket.protocol.Replies;
import io.broadcastsocket.protocol.Replies.Subscribed;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a client: who it is, what it is subscribed to, and the answers to its commands.
 *
 * <p>Event loop only. It lives on one connection and leaves a {@link SessionSnapshot} when that ends.
 */
public final class ClientSession implements Command.Visitor<Void> {
    /** So many refused commands in a row are no mistake. */
    private static final int FLOOD = 500;

    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

    private enum State {
        OPENING,
        OPEN,
        ENDED
    }

    private final SessionServices services;
    private final Peer peer;
    private final Set<String> standing;
    private final Subscriber subscriber;
    private State state = State.OPENING;
    private String clientId;
    private String token;
    private long commandState;
    private long lastCommandAt;
    private int limitedInARow;
    private int joining;

    /** @param standing channels that it is subscribed to from the beginning */
    public ClientSession(SessionServices services, Peer peer, Set<String> standing) {
        this.services = services;
        this.standing = standing;
        this.peer = peer;
        this.clientId = services.ids().client();
        this.token = services.ids().sessionToken();
        this.lastCommandAt = services.clock().millis();
        this.subscriber = services.shard().register(peer.outlet());
    }

    public String clientId() {
        return clientId;
    }

    public Subscriber subscriber() {
        return subscriber;
    }

    String token() {
        return token;
    }

    /** Whether it has done nothing since then and waits for nothing but {@code *}. */
    public boolean isIdleSince(long time) {
        return lastCommandAt < time && subscriber.size() <= 1;
    }

    /** Begins, as the session with this token if there is one. Nothing is read from the client before that. */
    public void open(Optional<String> earlier) {
        Future<Optional<SessionSnapshot>> found = earlier.map(
                        wanted -> services.directory().takeOver(wanted).otherwise(Optional.empty()))
                .orElse(Future.succeededFuture(Optional.empty()));
        found.compose(this::begin).onFailure(this::fail);
        if (state == State.OPENING) {
            peer.pauseReading();
        }
    }

    /** Handles the text of one message of the client. */
    public void received(byte[] text) {
        services.stats().commands.increment();
        lastCommandAt = services.clock().millis();
        try {
            Command command = CommandParser.parse(text);
            if (command instanceof Command.Broadcast || permitted(command.messageId())) {
                command.accept(this);
            }
        } catch (ProtocolException refused) {
            if (permitted(refused.messageId())) {
                error(refused.messageId(), refused.code(), refused.getMessage());
            }
        }
    }

    /** The connection is gone: keeps the session for a client that comes back. */
    public void closed() {
        if (state == State.OPEN) {
            SessionSnapshot snapshot = end();
            services.directory()
                    .save(snapshot)
                    .onFailure(failure -> log.warn("session could not be saved clientId={}", clientId, failure));
        } else if (state == State.OPENING) {
            end();
        }
    }

    /** Gives the session away to another connection, and closes this one. */
    SessionSnapshot surrender() {
        SessionSnapshot snapshot = end();
        peer.close(CloseCode.SESSION_TAKEN_OVER);
        return snapshot;
    }

    @Override
    public Void subscribe(Command.Subscribe command) {
        Subscription existing = subscriber.find(command.channel());
        if (existing != null && command.start() instanceof Start.Live) {
            ackSubscribed(command.messageId(), new Subscribed(command.channel(), existing.position(), true, 0));
            return null;
        }
        if (existing == null && isFull(joining)) {
            error(command.messageId(), ErrorCode.CHANNEL_LIMIT, channelLimitMessage());
            return null;
        }
        joining++;
        services.shard()
                .join(subscriber, command.channel(), command.start())
                .eventually(() -> {
                    joining--;
                    return Future.succeededFuture();
                })
                .onComplete(
                        joined -> begin(command.messageId(), joined), failure -> failed(command.messageId(), failure));
        return null;
    }

    @Override
    public Void unsubscribe(Command.Unsubscribe command) {
        if (command.channel().equals(ChannelName.EVERYONE)) {
            error(
                    command.messageId(),
                    ErrorCode.INVALID_REQUEST,
                    "\"channel\" is missing; every connection stays subscribed to \"*\"");
            return null;
        }
        Subscription subscription = subscriber.find(command.channel());
        if (subscription != null) {
            services.shard().leave(subscription);
        }
        peer.send(Replies.unsubscribed(command.messageId(), command.channel(), now()));
        return null;
    }

    @Override
    public Void broadcast(Command.Broadcast command) {
        long waitMs = services.broadcasts().acquire(peer.addressKey());
        if (waitMs > 0) {
            limited(command.messageId(), "too many broadcasts from this address", waitMs);
            return null;
        }
        limitedInARow = 0;
        boolean named = command.messageId() != null;
        Draft draft = new Draft(
                command.channel(),
                command.data(),
                named ? command.messageId() : services.ids().message(),
                named ? Draft.Identity.PUBLISHER : Draft.Identity.SERVER,
                command.echo() == Command.Echo.OFF ? clientId : null);
        services.broker()
                .append(draft)
                .onComplete(
                        accepted -> {
                            services.stats().published.increment();
                            peer.send(Replies.accepted(accepted, now()));
                        },
                        failure -> failed(draft.messageId(), failure));
        return null;
    }

    @Override
    public Void resume(Command.Resume command) {
        Future<Optional<SessionSnapshot>> earlier = command.session()
                .filter(wanted -> !wanted.equals(token))
                .map(wanted -> services.directory().takeOver(wanted).otherwise(Optional.empty()))
                .orElse(Future.succeededFuture(Optional.empty()));
        earlier.compose(found -> resume(command, found)).onFailure(failure -> failed(command.messageId(), failure));
        return null;
    }

    @Override
    public Void history(Command.History command) {
        HistoryPage.read(services.broker(), command.channel(), command.after(), command.limit())
                .onComplete(
                        page -> peer.send(Replies.history(
                                command.messageId(),
                                command.channel(),
                                page.publications(),
                                page.top(),
                                page.gap().orElse(null),
                                now())),
                        failure -> failed(command.messageId(), failure));
        return null;
    }

    @Override
    public Void pong(Command.Pong command) {
        return null;
    }

    private Future<Void> begin(Optional<SessionSnapshot> earlier) {
        earlier.ifPresent(this::adopt);
        Map<String, SessionSnapshot.Cursor> cursors =
                earlier.map(SessionSnapshot::cursors).orElse(Map.of());
        Map<String, Start> starts = starts(cursors);
        standing.forEach(channel -> starts.putIfAbsent(channel, new Start.Live()));
        return new Joining(services.shard(), subscriber).join(starts, cursors).map(joined -> {
            if (state == State.ENDED) {
                joined.abandon();
                return null;
            }
            state = State.OPEN;
            services.directory().add(this);
            peer.send(Replies.welcome(welcome(earlier.isPresent(), joined), now()));
            joined.open();
            peer.resumeReading();
            return null;
        });
    }

    private Future<Void> resume(Command.Resume command, Optional<SessionSnapshot> earlier) {
        if (state == State.ENDED) {
            return Future.succeededFuture();
        }
        earlier.ifPresent(snapshot -> {
            services.directory().remove(this);
            adopt(snapshot);
            services.directory().add(this);
        });
        Map<String, SessionSnapshot.Cursor> cursors =
                new HashMap<>(earlier.map(SessionSnapshot::cursors).orElse(Map.of()));
        cursors.keySet().removeAll(command.positions().keySet());
        Map<String, Start> starts = starts(cursors);
        command.positions().forEach((channel, position) -> starts.put(channel, new Start.Since(position)));
        Joining all = new Joining(services.shard(), subscriber);
        refuseBeyondLimit(starts, all);
        joining += starts.size();
        return all.join(starts, cursors).map(joined -> {
            joining -= starts.size();
            if (state == State.ENDED) {
                joined.abandon();
                return null;
            }
            peer.send(Replies.resumed(
                    command.messageId(), clientId, token, joined.subscribed(), joined.refused(), now()));
            joined.open();
            return null;
        });
    }

    private void refuseBeyondLimit(Map<String, Start> starts, Joining all) {
        int room = services.limits().maxChannels() - (subscriber.size() - 1) - joining;
        for (String channel : starts.keySet().toArray(String[]::new)) {
            if (subscriber.find(channel) == null && --room < 0) {
                starts.remove(channel);
                all.refuse(channel, ErrorCode.CHANNEL_LIMIT, channelLimitMessage());
            }
        }
    }

    private static Map<String, Start> starts(Map<String, SessionSnapshot.Cursor> cursors) {
        Map<String, Start> starts = new HashMap<>();
        cursors.forEach((channel, cursor) -> starts.put(channel, new Start.Since(cursor.confirmed())));
        return starts;
    }

    private void begin(String messageId, Joined joined) {
        if (state == State.ENDED) {
            services.shard().abandon(joined);
            return;
        }
        ackSubscribed(messageId, new Subscribed(joined.channel(), joined.position(), joined.recovered(), 0));
        SingleJoin.open(services.shard(), joined);
    }

    private void ackSubscribed(String messageId, Subscribed subscribed) {
        peer.send(Replies.subscribed(messageId, subscribed, now()));
    }

    private void adopt(SessionSnapshot snapshot) {
        clientId = snapshot.clientId();
        token = snapshot.token();
    }

    private SessionSnapshot end() {
        state = State.ENDED;
        SessionSnapshot snapshot = new SessionSnapshot(token, clientId, subscriber.snapshot());
        services.directory().remove(this);
        services.shard().unregister(subscriber);
        return snapshot;
    }

    private boolean isFull(int more) {
        return subscriber.size() - 1 + more >= services.limits().maxChannels();
    }

    private String channelLimitMessage() {
        return "a connection may have " + services.limits().maxChannels() + " subscriptions";
    }

    private boolean permitted(String messageId) {
        long now = services.clock().millis();
        long waitMs = services.commandLimit().waitMs(commandState, now);
        if (waitMs > 0) {
            limited(messageId, "too many commands on this connection", waitMs);
            return false;
        }
        commandState = services.commandLimit().take(commandState, now);
        limitedInARow = 0;
        return true;
    }

    private void limited(String messageId, String message, long waitMs) {
        services.stats().errors.increment();
        if (++limitedInARow > FLOOD) {
            peer.close(CloseCode.FLOODING);
            return;
        }
        peer.send(Replies.error(messageId, ErrorCode.RATE_LIMITED, message, waitMs, now()));
    }

    private void failed(String messageId, Throwable failure) {
        if (state == State.ENDED) {
            return;
        }
        if (failure instanceof BrokerUnavailable unavailable) {
            services.stats().errors.increment();
            peer.send(Replies.error(
                    messageId,
                    ErrorCode.UNAVAILABLE,
                    "the broker did not accept it; send it again with the same messageId",
                    unavailable.retryAfterMs(),
                    now()));
            return;
        }
        log.error("command failed clientId={}", clientId, failure);
        error(messageId, ErrorCode.INTERNAL_ERROR, "the server failed to do this");
    }

    private void error(String messageId, ErrorCode code, String message) {
        services.stats().errors.increment();
        peer.send(Replies.error(messageId, code, message, now()));
    }

    private void fail(Throwable failure) {
        log.error("session could not begin clientId={}", clientId, failure);
        peer.close(CloseCode.INTERNAL_ERROR);
    }

    private Replies.Welcome welcome(boolean resumed, Joining joined) {
        SessionLimits limits = services.limits();
        return new Replies.Welcome(
                clientId,
                token,
                resumed,
                services.nodeId(),
                limits.heartbeatMs(),
                limits.maxMessageBytes(),
                limits.maxChannels(),
                limits.spreadMs(),
                limits.sessionTtlMs(),
                joined.subscribed());
    }

    private long now() {
        return services.clock().millis();
    }
}
