package io.broadcastsocket.session;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscriber;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.Replies.Refused;
import io.broadcastsocket.protocol.Replies.Subscribed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Joins many channels at once: what a resumed session needs.
 *
 * <p>Event loop only. The outcome is opened or abandoned as a whole.
 */
final class Joining {
    private final HubShard shard;
    private final Subscriber subscriber;
    private final List<Joined> joined = new ArrayList<>();
    private final List<Subscribed> subscribed = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();

    Joining(HubShard shard, Subscriber subscriber) {
        this.shard = shard;
        this.subscriber = subscriber;
    }

    /** Decides on every channel; the future succeeds also when some were refused. */
    Future<Joining> join(Map<String, Start> starts, Map<String, SessionSnapshot.Cursor> cursors) {
        List<Future<Void>> all = new ArrayList<>(starts.size());
        starts.forEach((channel, start) -> all.add(shard.join(subscriber, channel, start)
                .onSuccess(one -> accept(one, cursors.get(channel)))
                .<Void>mapEmpty()
                .otherwise(failure -> refuse(channel, failure))));
        return Future.all(all).map(this);
    }

    void refuse(String channel, ErrorCode code, String message) {
        refused.add(new Refused(channel, code, message));
    }

    /** Whether the broker could not decide on a channel. */
    boolean isUnavailable() {
        return refused.stream().anyMatch(one -> one.code() == ErrorCode.UNAVAILABLE);
    }

    List<Subscribed> subscribed() {
        return subscribed;
    }

    List<Refused> refused() {
        return refused;
    }

    /** Begins delivery of all, in place of subscriptions that there are already. */
    void open() {
        joined.forEach(shard::replace);
    }

    void abandon() {
        joined.forEach(shard::abandon);
    }

    private void accept(Joined one, SessionSnapshot.Cursor cursor) {
        joined.add(one);
        long unsure = cursor == null || !one.recovered()
                ? 0
                : Math.min(cursor.written(), one.head()) - one.position().offset();
        subscribed.add(new Subscribed(one.channel(), one.position(), one.recovered(), unsure));
    }

    private Void refuse(String channel, Throwable failure) {
        ErrorCode code = failure instanceof BrokerUnavailable ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL_ERROR;
        refuse(channel, code, "the channel could not be subscribed to");
        return null;
    }
}
