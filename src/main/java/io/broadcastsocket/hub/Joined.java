package io.broadcastsocket.hub;

import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import java.util.Optional;

/**
 * A subscription that was decided on and waits for {@link HubShard#open}, so that its acknowledgement goes first.
 *
 * @param certain what the client has; when it is not the position, there is a gap
 * @param position what is delivered begins after it
 * @param recovered everything that was asked for will be delivered
 * @param gap what was asked for and cannot be delivered
 */
public record Joined(
        Subscriber subscriber,
        ChannelFeed feed,
        Position certain,
        Position position,
        boolean recovered,
        Optional<Gap> gap) {
    /** Begins where all is delivered that was asked for. */
    Joined(Subscriber subscriber, ChannelFeed feed, Position position) {
        this(subscriber, feed, position, position, true, Optional.empty());
    }

    /** The channel's newest offset that this node knows. */
    public long head() {
        return feed.head();
    }

    public String channel() {
        return feed.channel();
    }
}
