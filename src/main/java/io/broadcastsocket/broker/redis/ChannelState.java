package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * A channel that this node is subscribed to in Redis: for whom, on which link, and what it holds of the log.
 *
 * <p>Event loop only.
 */
final class ChannelState {
    final String name;
    final List<Broker.Listener> listeners = new ArrayList<>(2);

    /** What was read of the log lately and what has followed; null unless somebody reads. */
    Window window;

    /** What the last read said about the log, or null. */
    Bounds bounds;

    /** Since when nobody listens, nanoseconds as of {@link System#nanoTime}. */
    long idleSince;

    private RedisLink link;
    private Promise<Void> confirmed = Promise.promise();
    private boolean everConfirmed;

    ChannelState(String name) {
        this.name = name;
    }

    RedisLink link() {
        return link;
    }

    /** The subscription was asked for on another link; announcements may have been lost until it is confirmed. */
    void askedOn(RedisLink other) {
        link = other;
        if (confirmed.future().isComplete()) {
            confirmed = Promise.promise();
        }
    }

    /** The link that it was subscribed on is gone. */
    void lost() {
        link = null;
        forget();
        if (confirmed.future().isComplete()) {
            confirmed = Promise.promise();
        }
    }

    /** Lets go of what was read: it may no longer be so. */
    void forget() {
        window = null;
        bounds = null;
    }

    void confirmedOn(RedisLink asked) {
        if (asked == link) {
            everConfirmed = true;
            confirmed.tryComplete();
        }
    }

    /** Whether it has been in effect before, so that announcements may have been missed since. */
    boolean wasConfirmed() {
        return everConfirmed;
    }

    /** Completes when the subscription is in effect. */
    Promise<Void> confirmed() {
        return confirmed;
    }
}
