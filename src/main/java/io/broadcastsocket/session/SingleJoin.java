package io.broadcastsocket.session;

import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.hub.Subscription;

/** Opens a decided subscription in place of the one that there may be. */
final class SingleJoin {
    private SingleJoin() {}

    static void open(HubShard shard, Joined joined) {
        Subscription earlier = joined.subscriber().find(joined.channel());
        if (earlier != null) {
            shard.leave(earlier);
        }
        shard.open(joined);
    }
}
