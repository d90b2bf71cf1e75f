package io.broadcastsocket.session;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies.Refused;
import io.broadcastsocket.protocol.Replies.Subscribed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins many channels at once: what a resumed session needs.
 *
 * <p>Event loop only. The outcome is opened or abandoned as a whole.
 */
final class Joining {
    private static final Logger log = LoggerFactory.getLogger(Joining.class);

    private final ClientSession session;
    private final HubShard shard;
    private final Subscriber subscriber;
    private final Attendance attendance;
    private final Broker broker;
    private final List<Joined> joined = new ArrayList<>();
    private final List<Subscribed> subscribed = new ArrayList<>();
    private final Map<String, Position> reached = new HashMap<>();
    private final Map<String, Refused> refused = new LinkedHashMap<>();
    private Throwable failure;

    Joining(ClientSession session, SessionServices services) {
        this.session = session;
        this.shard = services.shard();
        this.subscriber = session.subscriber();
        this.attendance = services.attendance();
        this.broker = services.broker();
    }

    /** The subscriptions of an earlier connection that one of this dialect can have. */
    static Map<String, SessionSnapshot.Cursor> cursors(SessionSnapshot earlier, Dialect dialect) {
        Map<String, SessionSnapshot.Cursor> cursors = new HashMap<>(earlier.cursors());
        if (dialect == Dialect.PLAIN) {
            cursors.keySet().removeIf(ChannelName::isPresence);
        }
        return cursors;
    }

    /** Each after what has certainly arrived. */
    static Map<String, Start> starts(Map<String, SessionSnapshot.Cursor> cursors) {
        Map<String, Start> starts = new LinkedHashMap<>();
        cursors.forEach((channel, cursor) -> starts.put(channel, new Start.Since(cursor.confirmed())));
        return starts;
    }

    /** Decides on every channel; the future succeeds also when some were refused. */
    Future<Joining> join(Map<String, Start> starts, Map<String, SessionSnapshot.Cursor> cursors) {
        List<Future<Void>> all = new ArrayList<>(starts.size());
        starts.forEach((channel, start) -> all.add(shard.join(subscriber, channel, start)
                .onSuccess(joined::add)
                .<Void>mapEmpty()
                .otherwise(failure -> refuse(channel, failure))));
        return Future.all(all)
                .compose(done -> describe(cursors))
                .onFailure(failure -> abandon())
                .map(this);
    }

    /**
     * Tells where each begins, and how much of what follows may have arrived already: up to what was written or, when the node died
     * that knew it, up to the top of the log. What this node has heard of may be less.
     */
    private Future<Void> describe(Map<String, SessionSnapshot.Cursor> cursors) {
        List<String> unknown = joined.stream()
                .map(Joined::channel)
                .filter(channel -> cursors.containsKey(channel)
                        && cursors.get(channel).written() == SessionSnapshot.Cursor.UNKNOWN)
                .toList();
        Future<Map<String, Position>> tops =
                unknown.isEmpty() ? Future.succeededFuture(Map.of()) : broker.tops(unknown);
        return tops.map(found -> {
            joined.forEach(one -> describe(one, cursors.get(one.channel()), found.get(one.channel())));
            return null;
        });
    }

    /**
     * Makes the client a member again, of channels that it is subscribed to; the future succeeds also when that could not be
     * done for some.
     */
    Future<Joining> enter(Map<String, String> members) {
        List<Future<Void>> all = new ArrayList<>(members.size());
        members.forEach((channel, info) -> {
            if (!session.isEnded() && isSubscribed(channel)) {
                all.add(attendance.enter(session, channel, info).recover(failure -> {
                    refuse(channel, failure);
                    return Future.succeededFuture();
                }));
            }
        });
        return all.isEmpty() ? Future.succeededFuture(this) : Future.all(all).map(this);
    }

    private boolean isSubscribed(String channel) {
        return subscriber.find(channel) != null
                || joined.stream().anyMatch(one -> one.channel().equals(channel));
    }

    void refuse(String channel, ErrorCode code, String message) {
        refused.put(channel, new Refused(channel, code, message));
    }

    /** Why a channel could not be decided on; empty when all could. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    List<Subscribed> subscribed() {
        return subscribed;
    }

    Collection<Refused> refused() {
        return refused.values();
    }

    /** Begins delivery of all, in place of subscriptions that there are already. */
    void open() {
        joined.forEach(shard::replace);
    }

    void abandon() {
        joined.forEach(shard::abandon);
    }

    private void describe(Joined one, SessionSnapshot.Cursor cursor, Position top) {
        if (ChannelName.isInternal(one.channel())) {
            return;
        }
        // Also behind a gap. What is known to have been written meant something else in another epoch.
        boolean counts = cursor != null
                && (cursor.written() == SessionSnapshot.Cursor.UNKNOWN
                        || cursor.confirmed().sameEpoch(one.position()));
        long unsure =
                counts ? Math.max(0, written(one, cursor, top) - one.position().offset()) : 0;
        subscribed.add(new Subscribed(one.channel(), one.position(), one.recovered(), unsure));
        if (unsure > 0) {
            reached.put(one.channel(), one.position().at(one.position().offset() + unsure));
        }
    }

    /** Up to where earlier connections may have got each channel. */
    Map<String, Position> reached() {
        return reached;
    }

    private static long written(Joined one, SessionSnapshot.Cursor cursor, Position top) {
        if (cursor.written() != SessionSnapshot.Cursor.UNKNOWN) {
            return cursor.written();
        }
        return top != null && top.sameEpoch(one.position()) ? Math.max(top.offset(), one.head()) : one.head();
    }

    private Void refuse(String channel, Throwable cause) {
        boolean isUnavailable = cause instanceof BrokerUnavailable;
        if (!isUnavailable) {
            log.error("subscription failed clientId={} channel={}", session.clientId(), channel, cause);
        }
        failure = failure == null || isUnavailable ? cause : failure;
        // What clients know is the channel whose joins and leaves it is about.
        String known = ChannelName.isPresence(channel) ? ChannelName.ofPresence(channel) : channel;
        ErrorCode code = isUnavailable ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL_ERROR;
        refuse(known, code, "the channel could not be subscribed to");
        return null;
    }
}
