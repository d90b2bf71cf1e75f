package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Publication;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of publications to the other nodes: all of a tick in one envelope for each node, with a number.
 *
 * <p>Event loop only, except for the counters. The event bus buffers without a bound for a node that does not take what is sent; so
 * beyond one nothing is sent until that node says what has arrived. It learns from the numbers that it has missed some.
 */
final class PeerLinks implements Peers.Listener {
    private static final int ENVELOPE_BYTES = 64 * 1024;

    /** Bytes that may be under way to a node between two of its answers. */
    private static final long WINDOW_BYTES = 64L * 1024 * 1024;

    private static final class Link {
        final String node;
        long number;
        Buffer open;

        /** Bytes that are sent and may not have arrived. */
        long underWay;

        /** Of these, those that were sent before the last question. */
        long asked;

        Link(String node) {
            this.node = node;
        }
    }

    private final Context context;
    private final PeerBus bus;
    private final PeerInterests interests;
    private final String nodeId;
    private final Map<String, Link> links = new HashMap<>();
    private boolean flushScheduled;

    // Any thread
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();

    PeerLinks(Context context, PeerBus bus, PeerInterests interests, String nodeId) {
        this.context = context;
        this.bus = bus;
        this.interests = interests;
        this.nodeId = nodeId;
    }

    /** Sends a publication to the nodes that want its channel. */
    void announce(Publication publication) {
        Buffer record = null;
        for (Link link : links.values()) {
            if (interests.wants(link.node, publication.channel())) {
                record = record == null ? Envelope.encode(publication) : record;
                add(link, record);
            }
        }
    }

    /** Whether some node wants publications of a channel. */
    boolean areWanted(String channel) {
        return links.keySet().stream().anyMatch(node -> interests.wants(node, channel));
    }

    /** Number of the last envelope to a node. */
    long number(String node) {
        Link link = links.get(node);
        if (link == null) {
            return 0;
        }
        flush(link);
        link.asked = link.underWay;
        return link.number;
    }

    /** A node has answered a question that was sent after {@link #number}: what came before has arrived, or is lost. */
    void answered(String node) {
        Link link = links.get(node);
        if (link != null) {
            link.underWay -= link.asked;
            link.asked = 0;
        }
    }

    long sent() {
        return sent.get();
    }

    long skipped() {
        return skipped.get();
    }

    @Override
    public void joined(String node) {
        links.put(node, new Link(node));
    }

    @Override
    public void left(String node) {
        links.remove(node);
    }

    private void add(Link link, Buffer record) {
        sent.incrementAndGet();
        if (link.open == null) {
            link.open = Envelope.begin(nodeId, ++link.number);
            flushSoon();
        }
        link.open.appendBuffer(record);
        if (link.open.length() > ENVELOPE_BYTES) {
            flush(link);
        }
    }

    private void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            context.runOnContext(later -> {
                flushScheduled = false;
                links.values().forEach(this::flush);
            });
        }
    }

    private void flush(Link link) {
        Buffer envelope = link.open;
        link.open = null;
        if (envelope == null) {
            return;
        }
        if (link.underWay > WINDOW_BYTES) {
            skipped.incrementAndGet();
            return;
        }
        link.underWay += envelope.length();
        bus.send(link.node, envelope);
    }
}
