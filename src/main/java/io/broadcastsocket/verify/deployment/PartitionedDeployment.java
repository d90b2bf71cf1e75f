package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.model.RedisUrl;
import io.broadcastsocket.verify.options.Broker;
import io.broadcastsocket.verify.wire.Relay;
import java.util.Optional;

/**
 * A local deployment in network namespaces, whose nodes can be cut off from their peers and not from their clients.
 *
 * <p>Confined to the script's thread, but for {@link #release}, which any thread may call. With Redis, which listens on
 * this machine, a relay on the peers' side takes the nodes there; so a node that is cut off has lost Redis.
 */
public final class PartitionedDeployment implements AutoCloseable, Broker.Visitor<Broker> {
    private static final long RELAY_MS = 5000;

    private final LocalDeployment.Plan plan;
    private final Namespaces namespaces;
    private LocalDeployment nodes;
    private Relay relay;

    public PartitionedDeployment(LocalDeployment.Plan plan) {
        this.plan = plan;
        this.namespaces = new Namespaces(plan.target().nodes() + 1);
    }

    /** Why there can be none on this machine, if so. */
    public Optional<String> obstacle() {
        return namespaces.obstacle();
    }

    /** Makes the namespaces and starts the nodes. */
    public void start() {
        namespaces.make();
        nodes = LocalDeployment.placed(plan, namespaces, plan.target().broker().accept(this));
    }

    public LocalDeployment nodes() {
        return nodes;
    }

    /** Cuts a node off from its peers, and with Redis from Redis. */
    public void cut(int node) {
        namespaces.cut(node);
    }

    public void heal(int node) {
        namespaces.heal(node);
    }

    /** Removes the namespaces; nothing in them is reachable any more. */
    public void release() {
        namespaces.close();
    }

    @Override
    public void close() {
        if (nodes != null) {
            nodes.close();
        }
        if (relay != null) {
            plan.loop().run(relay::close);
        }
        namespaces.close();
    }

    @Override
    public Broker cluster() {
        return plan.target().broker();
    }

    @Override
    public Broker memory() {
        return plan.target().broker();
    }

    /** The same Redis, as the nodes reach it. */
    @Override
    public Broker redis(Broker.Redis redis) {
        RedisUrl.Endpoint server = RedisUrl.parse(redis.url()).endpoints().get(0);
        relay = plan.loop()
                .complete(
                        () -> Relay.transparent(
                                plan.loop().vertx(), namespaces.gateway(), server.host(), server.port()),
                        RELAY_MS);
        return redis.at(namespaces.gateway() + ":" + relay.port());
    }
}
