package io.broadcastsocket.session;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.hub.Subscription;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.protocol.CommandParser;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.ProtocolException;
import io.broadcastsocket.protocol.Replies;
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
public final class ClientSession {
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
    private final CommandOrder order = new CommandOrder();

    /** Read by others to see whether it is still there. */
    private volatile State state = State.OPENING;

    /** Up to where earlier connections of this session may have got each channel. */
    private Map<String, Position> reached = Map.of();

    private String clientId;
    private String token;
    private String name;
    private long turn;
    private long commandState;
    private long lastCommandAt;
    private int limitedInARow;
    private int joining;

    /** Null once it is open. */
    private Opening opening;

    /** What it takes up from an earlier connection; null when nothing is under way. */
    private TakeUp takingUp;

    /** @param standing channels that it is subscribed to from the beginning */
    public ClientSession(SessionServices services, Peer peer, Set<String> standing) {
        this.services = services;
        this.standing = standing;
        this.peer = peer;
        this.clientId = services.ids().client();
        this.token = services.ids().sessionToken();
        this.name = services.directory().name(token);
        this.lastCommandAt = services.clock().millis();
        this.subscriber = services.shard().register(peer.outlet());
        this.opening = new Opening(this, services, standing);
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

    /** What it is called between workers and nodes. */
    String name() {
        return name;
    }

    /** How many connections have had this session before. */
    long turn() {
        return turn;
    }

    Dialect dialect() {
        return peer.dialect();
    }

    /** Whether it has done nothing since then and waits for nothing but {@code *}. */
    public boolean isIdleSince(long time) {
        return lastCommandAt < time && subscriber.channels() <= 1;
    }

    /** Begins, as the session with this token if there is one. Nothing is read from the client before that. */
    public void open(Optional<String> earlier) {
        opening.start(earlier);
        if (state == State.OPENING) {
            peer.pauseReading();
        }
    }

    /** Handles the text of one message of the client; keeps it while the session is still opening. */
    public void received(byte[] text) {
        if (state == State.OPENING) {
            opening.received(text);
            return;
        }
        services.stats().commands.increment();
        lastCommandAt = services.clock().millis();
        try {
            Command command = CommandParser.parse(text);
            boolean permitted = command instanceof Command.Broadcast
                    ? permittedToBroadcast(command.messageId())
                    : permitted(command.messageId());
            if (permitted) {
                command.accept(new CommandHandler(this, services));
            }
        } catch (ProtocolException refused) {
            if (permitted(refused.messageId())) {
                error(refused.messageId(), refused.code(), refused.getMessage());
            }
        }
    }

    /** The connection is gone: keeps the session for a client that comes back. */
    public void closed() {
        if (state == State.ENDED) {
            return;
        }
        boolean leavesSomething = state == State.OPEN || takingUp != null;
        SessionSnapshot snapshot = end();
        if (leavesSomething && isResumable()) {
            services.directory().save(snapshot);
        }
    }

    /** Whether its client may come back; the node's own connection is replaced by a new one. */
    private boolean isResumable() {
        return standing.contains(ChannelName.EVERYONE);
    }

    /** Gives the session away to another connection, and closes this one. */
    SessionSnapshot surrender() {
        SessionSnapshot snapshot = end();
        peer.close(CloseCode.SESSION_TAKEN_OVER);
        return snapshot;
    }

    /** It is welcomed now. */
    void opened() {
        state = State.OPEN;
        opening = null;
        if (isResumable()) {
            services.directory().add(this);
        }
    }

    void resumeReading() {
        peer.resumeReading();
    }

    /** Becomes the session that another connection has left, which is being taken up. */
    void become(SessionSnapshot snapshot, TakeUp by) {
        services.directory().remove(this);
        clientId = snapshot.clientId();
        token = snapshot.token();
        name = services.directory().name(token);
        turn = snapshot.turn() + 1;
        takingUp = by;
        services.directory().add(this);
        services.directory().keep(this);
    }

    /** It has everything that the other connection had. */
    void tookUp() {
        takingUp = null;
    }

    /** Earlier connections may have got this; it holds also when this one ends before it has sent so much. */
    void reached(Map<String, Position> byChannel) {
        if (!byChannel.isEmpty()) {
            Map<String, Position> all = new HashMap<>(reached);
            all.putAll(byChannel);
            reached = all;
        }
    }

    CommandOrder order() {
        return order;
    }

    /** What the session would leave if its connection ended now. */
    SessionSnapshot checkpoint() {
        Map<String, SessionSnapshot.Cursor> cursors = subscriber.snapshot();
        cursors.replaceAll((channel, cursor) -> cursor.reaching(reached.get(channel)));
        Map<String, String> shown = services.attendance().of(this);
        if (takingUp != null) {
            shown = new HashMap<>(shown);
            takingUp.addTo(cursors, shown, reached);
        }
        return new SessionSnapshot(token, clientId, cursors, shown, turn);
    }

    /** Whether it was welcomed, and goes on. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    /** How many more channels it may subscribe to. */
    int roomForChannels() {
        return services.limits().maxChannels() - subscriber.channels() - joining + standing.size();
    }

    /** So many more, or less, subscriptions are being decided on. */
    void joining(int more) {
        joining += more;
    }

    String channelLimit() {
        return "a connection may have " + services.limits().maxChannels() + " subscriptions";
    }

    /** Ends the subscription to a channel, if there is one. */
    void leave(String channel) {
        Subscription subscription = subscriber.find(channel);
        if (subscription != null) {
            services.shard().leave(subscription);
            services.directory().changed(this);
        }
    }

    void send(byte[] frame) {
        peer.send(frame);
    }

    private SessionSnapshot end() {
        state = State.ENDED;
        SessionSnapshot snapshot = checkpoint();
        services.directory().remove(this);
        services.attendance().lost(this);
        services.shard().unregister(subscriber);
        return snapshot;
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

    private boolean permittedToBroadcast(String messageId) {
        long waitMs = services.broadcasts().acquire(peer.addressKey());
        if (waitMs > 0) {
            limited(messageId, "too many broadcasts from this address", waitMs);
            return false;
        }
        limitedInARow = 0;
        return true;
    }

    void limited(String messageId, String message, long waitMs) {
        services.stats().errors.increment();
        if (++limitedInARow > FLOOD) {
            peer.close(CloseCode.FLOODING);
            return;
        }
        peer.send(Replies.error(messageId, ErrorCode.RATE_LIMITED, message, waitMs, now()));
    }

    void failed(String messageId, Throwable failure) {
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

    void error(String messageId, ErrorCode code, String message) {
        services.stats().errors.increment();
        peer.send(Replies.error(messageId, code, message, now()));
    }

    /** It cannot begin, or not go on: the client has to connect again. */
    void fail(Throwable failure) {
        if (state == State.ENDED) {
            return;
        }
        if (failure instanceof BrokerUnavailable) {
            services.stats().errors.increment();
            peer.close(CloseCode.TRY_AGAIN_LATER);
            return;
        }
        log.error("session could not go on clientId={}", clientId, failure);
        peer.close(CloseCode.INTERNAL_ERROR);
    }

    long now() {
        return services.clock().millis();
    }
}
