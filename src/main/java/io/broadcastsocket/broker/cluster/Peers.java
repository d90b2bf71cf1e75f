package io.broadcastsocket.broker.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes that are there.
 *
 * <p>Event loop only, except for {@link #problem}. Events say when to look, and a look says who is there: after a split some
 * events are missing.
 */
final class Peers {
    /** Somebody who wants to know. */
    interface Listener {
        void joined(String node);

        void left(String node);
    }

    private static final long LOOK_MS = 1000;
    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    private final Vertx vertx;
    private final Context context;
    private final HazelcastInstance hazelcast;
    private final ClusterSettings settings;
    private final List<Listener> listeners = new ArrayList<>();

    /** By node id; the address of its member. */
    private final Map<String, Member> peers = new LinkedHashMap<>();

    private UUID registration;
    private long timer;
    private volatile String difference;

    Peers(Vertx vertx, Context context, HazelcastInstance hazelcast, ClusterSettings settings) {
        this.vertx = vertx;
        this.context = context;
        this.hazelcast = hazelcast;
        this.settings = settings;
    }

    /** Before {@link #open}; in the order in which they are told. */
    void listen(Listener listener) {
        listeners.add(listener);
    }

    void open() {
        registration = hazelcast.getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                Lapses.of(hazelcast).look();
                lookSoon();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                Lapses.of(hazelcast).look();
                lookSoon();
            }
        });
        timer = vertx.setPeriodic(LOOK_MS, tick -> look());
        look();
    }

    /** Why this node may not be one of these; empty when it may. For a node that has just joined. */
    Optional<String> refusal() {
        Set<Member> members = hazelcast.getCluster().getMembers();
        for (Member member : members) {
            String version = member.getAttribute(MemberConfig.VERSION);
            if (!ClusterMembership.VERSION.equals(version)) {
                return Optional.of("the member at " + member.getAddress() + " of the cluster \"" + settings.name()
                        + "\" speaks version " + version + " between nodes, and this one "
                        + ClusterMembership.VERSION + ": all nodes of a cluster need the same");
            }
        }
        return members.size() <= settings.members()
                ? Optional.empty()
                : Optional.of("the cluster \"" + settings.name() + "\" has " + members.size()
                        + " nodes with this one, and cluster.members is " + settings.members()
                        + ": raise it on all nodes, or give this one another cluster.name");
    }

    void close() {
        vertx.cancelTimer(timer);
        try {
            hazelcast.getCluster().removeMembershipListener(registration);
        } catch (HazelcastInstanceNotActiveException gone) {
            log.debug("the member has left already", gone);
        }
    }

    /** Ids of the nodes that are there, this one not among them. */
    Collection<String> nodes() {
        return List.copyOf(peers.keySet());
    }

    boolean has(String node) {
        return peers.containsKey(node);
    }

    /** What other nodes have that makes them a bad match for this one; empty for nothing. Any thread. */
    String difference() {
        return difference == null ? "" : difference;
    }

    private void lookSoon() {
        try {
            context.runOnContext(here -> look());
        } catch (RejectedExecutionException ended) {
            log.debug("the node ends", ended);
        }
    }

    private void look() {
        Map<String, Member> there = new LinkedHashMap<>();
        try {
            Set<Member> members = hazelcast.getCluster().getMembers();
            Lapses.of(hazelcast).look();
            for (Member member : members) {
                String node = member.getAttribute(MemberConfig.NODE);
                if (node != null && !node.equals(settings.nodeId())) {
                    there.put(node, member);
                }
            }
        } catch (HazelcastInstanceNotActiveException restarting) {
            return;
        }
        for (String node : nodes()) {
            if (!there.containsKey(node)) {
                peers.remove(node);
                log.info("node has left node={} nodes={}", node, there.size() + 1);
                listeners.forEach(listener -> listener.left(node));
            }
        }
        there.forEach((node, member) -> {
            if (peers.put(node, member) == null) {
                log.info("node is there node={} address={} nodes={}", node, member.getAddress(), there.size() + 1);
                listeners.forEach(listener -> listener.joined(node));
            }
        });
        compare(there);
    }

    private void compare(Map<String, Member> there) {
        String found = null;
        for (Map.Entry<String, Member> peer : there.entrySet()) {
            if (!settings.rules().equals(peer.getValue().getAttribute(MemberConfig.RULES))) {
                found = "node " + peer.getKey() + " at " + peer.getValue().getAddress()
                        + " has other rules (history, slowConsumer.policy, channels, broker, cluster.members or .quorum):"
                        + " give all nodes the same";
            }
        }
        if (found != null && difference == null) {
            log.warn("nodes differ reason={}", found);
        }
        difference = found;
    }
}
