package io.broadcastsocket.verify.client;

import io.broadcastsocket.verify.ledger.Ledger;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Endpoints;
import io.broadcastsocket.verify.wire.Wires;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All subscribers of a trial; each is subscribed to every channel.
 *
 * <p>Event loop only.
 */
public final class Crowd {
    /** Thousands that connect in one moment would wait for each other until they give up, before anything is to be shown. */
    private static final double CONNECTS_PER_MS = 0.5;

    private final Vertx vertx;
    private final Wires wires;
    private final Endpoints endpoints;
    private final Ledger ledger;
    private final Set<String> channels;
    private final List<Client> clients = new ArrayList<>();
    private final List<Long> recoveries = new ArrayList<>();
    private long resumes;

    public Crowd(Vertx vertx, Wires wires, Endpoints endpoints, Ledger ledger, Set<String> channels) {
        this.vertx = vertx;
        this.wires = wires;
        this.endpoints = endpoints;
        this.ledger = ledger;
        this.channels = channels;
    }

    /** Connects so many, not all at once: half come back by positions, a quarter by session, a quarter as plain clients. */
    public void start(int count) {
        for (int i = 0; i < count; i++) {
            Client.Manner manner =
                    switch (i / Math.max(1, endpoints.all().size()) % 4) {
                        case 1 -> Client.Manner.SESSION;
                        case 3 -> Client.Manner.PLAIN;
                        default -> Client.Manner.POSITIONS;
                    };
            clients.add(new Client(this, i, manner));
        }
        for (int i = 0; i < count; i++) {
            clients.get(i).connectIn(1 + Math.round(i / CONNECTS_PER_MS));
        }
    }

    /** Milliseconds until the last has begun to connect. */
    public long startMs() {
        return Math.round(clients.size() / CONNECTS_PER_MS);
    }

    public boolean isSubscribed() {
        return clients.stream().allMatch(Client::isSubscribed);
    }

    /** Deliveries are to be expected all the time from here on. */
    public void watch() {
        clients.forEach(client -> client.recovery().watch(System.nanoTime()));
    }

    public void rest() {
        clients.forEach(client -> client.recovery().rest(System.nanoTime()));
    }

    /** A fault has struck: everybody waits for something sent after it, on every channel. */
    public void strike() {
        long now = System.nanoTime();
        clients.forEach(client -> client.recovery().strike(now, channels));
    }

    public boolean isServed() {
        return clients.stream().allMatch(client -> client.recovery().isServed());
    }

    /** Those that wait, and for which channels. */
    public List<String> waiting() {
        return waiting(client -> !client.recovery().isServed())
                .map(client ->
                        client + " waits for " + client.recovery().waiting().size() + " channels")
                .toList();
    }

    /** Those that are not subscribed. */
    public List<String> unsubscribed() {
        return waiting(client -> !client.isSubscribed()).map(Client::toString).toList();
    }

    private Stream<Client> waiting(Predicate<Client> which) {
        return clients.stream().filter(which);
    }

    /** Every so many-th client takes nothing until {@link #hurry}; tells how many do. */
    public int slow(int each) {
        int slow = 0;
        for (int i = 0; i < clients.size(); i += each) {
            slow += clients.get(i).pause() ? 1 : 0;
        }
        return slow;
    }

    public void hurry() {
        clients.forEach(Client::resume);
    }

    /** Every so many-th client moves there. */
    public void move(Endpoint to, int each) {
        for (int i = 0; i < clients.size(); i += each) {
            clients.get(i).move(to);
        }
    }

    /** How many are connected to that node. */
    public long on(Endpoint node) {
        return clients.stream().filter(client -> client.isOn(node)).count();
    }

    public long resumes() {
        return resumes;
    }

    /** Nanoseconds from a strike to a client being served again, for each client and strike. */
    public List<Long> recoveries() {
        return List.copyOf(recoveries);
    }

    /** The longest time in nanoseconds that any client waited between two deliveries. */
    public long longestPause() {
        return clients.stream()
                .mapToLong(client -> client.recovery().longestPause())
                .max()
                .orElse(0);
    }

    public void close() {
        clients.forEach(Client::close);
    }

    Vertx vertx() {
        return vertx;
    }

    Wires wires() {
        return wires;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    Ledger ledger() {
        return ledger;
    }

    Set<String> channels() {
        return channels;
    }

    void resumed() {
        resumes++;
    }

    void recovered(long nanos) {
        recoveries.add(nanos);
    }
}
