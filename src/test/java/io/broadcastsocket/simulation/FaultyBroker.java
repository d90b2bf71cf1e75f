package io.broadcastsocket.simulation;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.broker.memory.MemoryBroker;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The memory broker behind a bad network: announcements get lost, doubled and reordered, answers come late and reads fail,
 * and sometimes the whole log is gone and begins anew.
 */
final class FaultyBroker implements Broker {
    private final RandomGenerator random;
    private final Supplier<MemoryBroker> fresh;
    private final Map<String, Set<Listener>> attached = new LinkedHashMap<>();
    private final List<Runnable> inFlight = new ArrayList<>();
    private MemoryBroker log;
    private boolean faulty = true;

    FaultyBroker(RandomGenerator random, Supplier<MemoryBroker> fresh) {
        this.random = random;
        this.fresh = fresh;
        this.log = fresh.get();
    }

    /** From now on nothing is lost and everything arrives. */
    void heal() {
        faulty = false;
    }

    /** Loses everything that was ever appended. */
    void loseEverything() {
        log = fresh.get();
        attached.forEach((channel, listeners) -> listeners.forEach(listener -> log.attach(channel, lossy(listener))));
    }

    /** Lets something of what is under way arrive; false when nothing is. */
    boolean deliverOne() {
        if (inFlight.isEmpty()) {
            return false;
        }
        inFlight.remove(random.nextInt(inFlight.size())).run();
        return true;
    }

    /** What the log has now. */
    Position top(String channel) {
        return log.tops(List.of(channel)).result().get(channel);
    }

    @Override
    public Future<Accepted> append(Draft draft) {
        return log.append(draft);
    }

    @Override
    public Future<ReadResult> read(String channel, Position after, int limit) {
        Promise<ReadResult> promise = Promise.promise();
        boolean fails = faulty && random.nextInt(10) == 0;
        inFlight.add(() -> {
            if (fails) {
                promise.fail(new BrokerUnavailable("simulated", 1, null));
            } else {
                log.read(channel, after, Math.min(limit, 1 + random.nextInt(5))).onComplete(promise);
            }
        });
        return promise.future();
    }

    @Override
    public Future<Map<String, Position>> tops(Collection<String> channels) {
        return later(() -> log.tops(channels));
    }

    @Override
    public Future<Position> attach(String channel, Listener listener) {
        attached.computeIfAbsent(channel, name -> new java.util.LinkedHashSet<>())
                .add(listener);
        Future<Position> position = log.attach(channel, lossy(listener));
        return later(() -> position);
    }

    @Override
    public void detach(String channel, Listener listener) {
        attached.getOrDefault(channel, Set.of()).remove(listener);
        log.detach(channel, lossy(listener));
    }

    @Override
    public BrokerStatus status() {
        return new BrokerStatus("faulty", java.util.Optional.empty(), Map.of());
    }

    private <T> Future<T> later(Supplier<Future<T>> answer) {
        Promise<T> promise = Promise.promise();
        inFlight.add(() -> answer.get().onComplete(promise));
        return promise.future();
    }

    private Lossy lossy(Listener listener) {
        return new Lossy(listener);
    }

    /** Equal for the same listener, as a broker counts a listener once. */
    private final class Lossy implements Listener {
        private final Listener listener;

        Lossy(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void announced(Publication publication) {
            int copies = !faulty ? 1 : random.nextInt(10) == 0 ? 0 : random.nextInt(10) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                inFlight.add(() -> listener.announced(publication));
            }
            if (copies == 0 && random.nextBoolean()) {
                inFlight.add(() -> listener.moved(publication.channel(), top(publication.channel())));
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Lossy lossy && lossy.listener == listener;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(listener);
        }
    }
}
