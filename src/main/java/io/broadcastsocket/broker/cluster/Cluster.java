package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * This node among the others: who is there, what each wants to hear, and the ways between them.
 *
 * <p>Event loop only, except for what operators ask.
 *
 * <pre>
 * ask  digest {number, version, checksum}   the asker's last envelope; what it wants, unless it is just telling   → {known}
 * </pre>
 */
final class Cluster {
    private static final String DIGEST = "digest";
    private static final long DIGEST_MS = 2000;
    private static final long ANSWER_MS = 1500;

    /** A clock that is off by more makes times of publications and of this machine's logs hard to compare. */
    private static final long SKEW_MS = 5000;

    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final ClusterSettings settings;
    private final PeerBus bus;
    private final Peers peers;
    private final PeerInterests interests = new PeerInterests();
    private final OwnInterest interest;
    private final PeerLinks links;
    private final Announcements announcements;
    private final Audit audit;
    private final Silence silence = new Silence(System::nanoTime);

    /** @param tops tells where logs stand */
    Cluster(
            Vertx vertx,
            Context context,
            HazelcastInstance hazelcast,
            ClusterSettings settings,
            Function<Collection<String>, Future<Map<String, Position>>> tops) {
        this.vertx = vertx;
        this.hazelcast = hazelcast;
        this.settings = settings;
        this.bus = new PeerBus(vertx, settings.nodeId());
        this.peers = new Peers(vertx, context, hazelcast, settings);
        this.interest = new OwnInterest(vertx, context, bus, settings.lingerMs(), this::missed);
        this.links = new PeerLinks(context, bus, interests, settings.nodeId());
        this.announcements = new Announcements(this::missed);
        this.audit = new Audit(vertx, announcements, tops);
    }

    /** Completes when other nodes can reach this one; fails when it may not be one of them. */
    Future<Void> open() {
        Optional<String> refusal = peers.refusal();
        if (refusal.isPresent()) {
            return Future.failedFuture(new ClusterRefused(refusal.get()));
        }
        peers.listen(interests);
        peers.listen(links);
        peers.listen(interest);
        peers.listen(announcements);
        bus.receive(announcements::receive);
        bus.answer(OwnInterest.QUESTION, question -> Future.succeededFuture(interests.told(question)));
        bus.answer(DIGEST, question -> Future.succeededFuture(compare(question)));
        return bus.open().onSuccess(reachable -> {
            peers.open();
            vertx.setPeriodic(DIGEST_MS, timer -> compareAll());
            vertx.setPeriodic(1000, timer -> interest.expire());
        });
    }

    void close() {
        peers.close();
    }

    Vertx vertx() {
        return vertx;
    }

    PeerBus bus() {
        return bus;
    }

    Peers peers() {
        return peers;
    }

    OwnInterest interest() {
        return interest;
    }

    Announcements announcements() {
        return announcements;
    }

    /** Announces what was appended here, on this node and on those that want it. */
    void announce(Publication publication) {
        announcements.offer(publication);
        links.announce(publication);
    }

    /** Whether somebody on some node listens to a channel. */
    boolean isWanted(String channel) {
        return announcements.isHeard(channel) || links.areWanted(channel);
    }

    private void missed() {
        audit.start();
    }

    private void compareAll() {
        announcements.retain(peers.nodes());
        interests.retain(peers.nodes());
        if (silence.look(peers.nodes())) {
            missed();
        }
        peers.nodes().forEach(this::tellDigest);
    }

    private void tellDigest(String node) {
        JsonObject digest = new JsonObject().put("number", links.number(node));
        Future<JsonObject> asked;
        if (interest.isTold(node)) {
            long version = interest.set().version();
            digest.put("version", version).put("checksum", interest.set().checksum());
            asked = bus.ask(node, DIGEST, digest, ANSWER_MS).onSuccess(answer -> {
                if (answer.getBoolean("known")) {
                    interest.known(node, version);
                } else {
                    interest.forgotten(node);
                }
            });
        } else {
            asked = bus.ask(node, DIGEST, digest, ANSWER_MS);
        }
        asked.onSuccess(answer -> {
            links.answered(node);
            silence.heard(node);
        });
    }

    private JsonObject compare(JsonObject digest) {
        String node = PeerBus.asker(digest);
        announcements.sentUpTo(node, digest.getLong("number"));
        Long version = digest.getLong("version");
        return new JsonObject()
                .put("known", version == null || interests.knows(node, version, digest.getLong("checksum")));
    }

    // What operators ask, on any thread

    /** How many nodes are there. */
    int size() {
        try {
            return hazelcast.getCluster().getMembers().size();
        } catch (HazelcastInstanceNotActiveException restarting) {
            return 0;
        }
    }

    Optional<String> problem() {
        int present = size();
        return present >= settings.quorum()
                ? Optional.empty()
                : Optional.of("the cluster has " + present + " of " + settings.members() + " nodes, and needs "
                        + settings.quorum() + " to accept publications");
    }

    Optional<String> degradation() {
        int present = size();
        if (present < settings.members()) {
            return Optional.of("the cluster has " + present + " of " + settings.members() + " nodes");
        }
        if (present > settings.members()) {
            return Optional.of("the cluster has " + present + " nodes, more than the " + settings.members()
                    + " of cluster.members: a split could have two halves that both accept publications");
        }
        return Stream.of(peers.difference(), silence.problem())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .or(this::skew);
    }

    private Optional<String> skew() {
        long skew = System.currentTimeMillis() - hazelcast.getCluster().getClusterTime();
        return Math.abs(skew) < SKEW_MS
                ? Optional.empty()
                : Optional.of("the clock of this machine is " + skew + " ms off that of the cluster");
    }

    Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("channelsWanted", (long) interest.size());
        counters.put("announcementsSent", links.sent());
        counters.put("envelopesSkipped", links.skipped());
        counters.put("envelopesReceived", announcements.received());
        counters.put("envelopesLost", announcements.lost());
        return counters;
    }
}
