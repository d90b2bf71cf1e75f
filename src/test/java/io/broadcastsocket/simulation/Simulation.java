package io.broadcastsocket.simulation;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.broker.memory.MemoryLimits;
import io.broadcastsocket.hub.HubLimits;
import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.stats.WorkerStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One run: two shards, a few clients and channels, and some thousand random steps. */
final class Simulation {
    private static final int STEPS = 3000;
    private static final int HISTORY_SIZE = 40;
    private static final List<String> CHANNELS = List.of("reliable", "busy", "latest", "drop");
    private static final ChannelRule.History HISTORY = new ChannelRule.History(HISTORY_SIZE, 1 << 20, 1 << 30);
    private static final ChannelRules RULES = new ChannelRules(
            List.of(
                    new ChannelRules.Entry("latest", new ChannelRule(HISTORY, SlowConsumer.LATEST)),
                    new ChannelRules.Entry("drop", new ChannelRule(HISTORY, SlowConsumer.DROP))),
            new ChannelRule(HISTORY, SlowConsumer.RELIABLE));

    private final SplittableRandom random;
    private final SimulatedLoops loops;
    private final FaultyBroker broker;
    private final Truth truth;
    private final List<HubShard> shards = new ArrayList<>();
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private int incarnations;
    private long published;

    Simulation(long seed) {
        random = new SplittableRandom(seed);
        loops = new SimulatedLoops(random);
        broker = new FaultyBroker(random, this::freshLog);
        truth = new Truth(
                HISTORY_SIZE, broker::top, channel -> RULES.of(channel).slowConsumer());
        for (int i = 0; i < 2; i++) {
            shards.add(shard(loops.create()));
        }
        for (int i = 0; i < 5; i++) {
            SimulatedClient client = new SimulatedClient("client-" + i, truth);
            clients.add(client);
            sockets.add(connect(client));
        }
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        settle();
        for (SimulatedSocket socket : sockets) {
            CHANNELS.forEach(socket.client::isComplete);
        }
        sockets.forEach(SimulatedSocket::cut);
        loops.runAll();
    }

    long messages() {
        return clients.stream().mapToLong(client -> client.messages).sum();
    }

    long gaps() {
        return clients.stream().mapToLong(client -> client.gaps).sum();
    }

    private void step() {
        int dice = random.nextInt(1000);
        if (dice < 200) {
            publish();
        } else if (dice < 500) {
            loops.runOne();
        } else if (dice < 700) {
            broker.deliverOne();
        } else if (dice < 970) {
            sockets.get(random.nextInt(sockets.size())).read();
        } else if (dice < 980) {
            reconnect(random.nextInt(sockets.size()));
        } else if (dice < 998) {
            shards.get(random.nextInt(shards.size())).audit();
        } else if (dice < 999) {
            broker.loseEverything();
        } else {
            burst();
        }
    }

    private void publish() {
        String channel = random.nextInt(3) == 0 ? CHANNELS.get(random.nextInt(CHANNELS.size())) : "busy";
        String withheldFrom = random.nextInt(8) == 0 ? "client-" + random.nextInt(clients.size()) : null;
        long number = ++published;
        byte[] data = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        Draft draft = new Draft(channel, data, "m" + number, Draft.Identity.PUBLISHER, withheldFrom);
        Accepted accepted = broker.append(draft).result();
        truth.accepted(accepted, number, withheldFrom);
        if (random.nextInt(20) == 0) {
            Accepted again = broker.append(draft).result();
            if (!again.duplicate() || !again.position().equals(accepted.position())) {
                throw new AssertionError("sent twice, accepted as " + accepted + " and " + again);
            }
        }
    }

    private void burst() {
        for (int i = 0; i < 60; i++) {
            publish();
        }
    }

    private void reconnect(int index) {
        SimulatedSocket old = sockets.get(index);
        old.cut();
        sockets.set(index, connect(old.client));
    }

    private SimulatedSocket connect(SimulatedClient client) {
        SimulatedSocket socket = new SimulatedSocket(client, shards.get(random.nextInt(shards.size())));
        CHANNELS.forEach(socket::subscribe);
        return socket;
    }

    /** No more faults: everything that is under way arrives, and lost announcements are noticed. */
    private void settle() {
        broker.heal();
        for (int round = 0; round < 60; round++) {
            boolean busy = true;
            while (busy) {
                busy = loops.runOne() | broker.deliverOne();
                for (SimulatedSocket socket : sockets) {
                    busy |= socket.hasUnread();
                    socket.read();
                }
            }
            shards.forEach(HubShard::audit);
        }
    }

    private HubShard shard(SimulatedLoops.SimulatedLoop loop) {
        HubShard[] shard = new HubShard[1];
        shard[0] = new HubShard(
                broker,
                new Broker.Listener() {
                    @Override
                    public void announced(Publication publication) {
                        loop.execute(() -> shard[0].announced(publication));
                    }

                    @Override
                    public void moved(String channel, Position top) {
                        loop.execute(() -> shard[0].moved(channel, top));
                    }
                },
                RULES,
                new HubLimits(4096, 600, Long.MAX_VALUE / 4),
                loop,
                () -> java.time.Instant.ofEpochMilli(1),
                new WorkerStats());
        return shard[0];
    }

    private MemoryBroker freshLog() {
        MemoryLimits limits = new MemoryLimits(1 << 30, 1 << 20, 1 << 30, 1 << 30);
        return new MemoryBroker(RULES, limits, () -> java.time.Instant.ofEpochMilli(1), "log" + ++incarnations);
    }
}
