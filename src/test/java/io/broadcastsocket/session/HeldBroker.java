package io.broadcastsocket.session;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A broker whose answers about some channels come when the test says so. */
final class HeldBroker implements Broker {
    private final Broker broker;
    private final Map<String, Promise<Void>> held = new HashMap<>();

    HeldBroker(Broker broker) {
        this.broker = broker;
    }

    /** From now on nobody is attached to this channel before the promise is kept. */
    Promise<Void> hold(String channel) {
        return held.computeIfAbsent(channel, name -> Promise.promise());
    }

    void release(String channel) {
        held.remove(channel).complete();
    }

    private <T> UnaryOperator<Future<T>> when(String channel) {
        Promise<Void> promise = held.get(channel);
        return result -> promise == null ? result : promise.future().compose(done -> result);
    }

    @Override
    public Future<Position> attach(String channel, Listener listener) {
        return this.<Position>when(channel).apply(broker.attach(channel, listener));
    }

    @Override
    public Future<ReadResult> read(String channel, Position after, int limit) {
        return this.<ReadResult>when(channel).apply(broker.read(channel, after, limit));
    }

    @Override
    public Future<Accepted> append(Draft draft) {
        return broker.append(draft);
    }

    @Override
    public Future<Map<String, Position>> tops(Collection<String> channels) {
        return broker.tops(channels);
    }

    @Override
    public void detach(String channel, Listener listener) {
        broker.detach(channel, listener);
    }

    @Override
    public BrokerStatus status() {
        return broker.status();
    }
}
