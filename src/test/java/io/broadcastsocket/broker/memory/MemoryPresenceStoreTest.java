package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.PresenceContract;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.testing.ManualClock;
import java.util.List;

/** Of one node: what other nodes and a store behind it could do does not happen. */
class MemoryPresenceStoreTest extends PresenceContract {
    private final Broker log = new MemoryBroker(
            new ChannelRules(
                    List.of(),
                    new ChannelRule(
                            new ChannelRule.History(10_000, 1 << 24, 300_000), ChannelRule.SlowConsumer.RELIABLE)),
            new MemoryLimits(300_000, 1000, 300_000, 1 << 28),
            new ManualClock(),
            "incarnation");
    private final PresenceStore store = new MemoryPresenceStore(log);

    @Override
    protected PresenceStore store() {
        return store;
    }

    @Override
    protected PresenceStore other() {
        return store;
    }

    @Override
    protected Broker log() {
        return log;
    }
}
