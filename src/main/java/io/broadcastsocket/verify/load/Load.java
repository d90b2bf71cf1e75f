package io.broadcastsocket.verify.load;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Ledger;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Wires;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Publishes at a rate, and sends again under the same id, on another node, whatever is not acknowledged.
 *
 * <p>Event loop only.
 */
public final class Load implements Answers {
    private static final long TICK_MS = 10;

    /** Publications that may wait for an ack: with more, nothing else is published. */
    private static final int MOST_UNACKNOWLEDGED = 5000;

    /** Acks that are wanted of a publication that is repeated on purpose: two at once, and one more later. */
    private static final int REPEATED = 3;

    private final Vertx vertx;
    private final Wires wires;
    private final Ledger ledger;
    private final List<String> channels;
    private final String prefix;
    private final Meter meter;
    private final long answerNanos;
    private final Random random;
    private final List<Sender> senders = new ArrayList<>();
    private final Map<String, Publication> unacknowledged = new LinkedHashMap<>();
    private String denied;
    private String trouble = "no answer";
    private boolean repeating;
    private String padding = "";
    private boolean flowing;
    private long timer = -1;
    private int count;

    /**
     * @param prefix of the message ids
     * @param rate publications per second
     * @param answerMs after which one is sent again elsewhere
     */
    public Load(
            Vertx vertx,
            Wires wires,
            Ledger ledger,
            List<String> channels,
            String prefix,
            double rate,
            long answerMs,
            Random random) {
        this.vertx = vertx;
        this.wires = wires;
        this.ledger = ledger;
        this.channels = channels;
        this.prefix = prefix;
        this.meter = new Meter(rate);
        this.answerNanos = answerMs * 1_000_000;
        this.random = random;
    }

    public void bySocket(Endpoint endpoint) {
        add(new SocketSender(vertx, wires, endpoint, this));
    }

    public void byHttp(URI base, Optional<String> key) {
        add(new HttpSender(wires, base, key, this));
    }

    private void add(Sender sender) {
        senders.add(sender);
        sender.start();
    }

    public void start() {
        flowing = true;
        meter.start(System.nanoTime());
        timer = vertx.setPeriodic(TICK_MS, tick -> tick());
    }

    /** Publishes nothing that was not sent before. */
    public void stop() {
        flowing = false;
    }

    /** From here on every publication is sent over two nodes at once, and once more after that. */
    public void repeat() {
        repeating = true;
    }

    /** Adds so many bytes to the data of every publication from here on. */
    public void enlarge(int bytes) {
        padding = "x".repeat(bytes);
    }

    public int unacknowledged() {
        return unacknowledged.size();
    }

    /** Why nothing can be published, if that is so. */
    public Optional<String> denied() {
        return Optional.ofNullable(denied);
    }

    /** Why the last publication that was refused for a while was refused. */
    public String trouble() {
        return trouble;
    }

    public void close() {
        vertx.cancelTimer(timer);
        senders.forEach(Sender::close);
    }

    @Override
    public void acknowledged(String messageId, Position position, boolean duplicate) {
        if (!messageId.startsWith(prefix)) {
            return;
        }
        Publication publication = unacknowledged.get(messageId);
        ledger.acknowledged(messageId, channelOf(messageId), position, duplicate);
        if (publication != null && --publication.wanted <= 0) {
            unacknowledged.remove(messageId);
        } else if (publication != null) {
            publication.dueAt = System.nanoTime();
        }
    }

    @Override
    public void refused(String messageId, long retryAfterMs, String why) {
        trouble = why;
        Publication publication = unacknowledged.get(messageId);
        if (publication != null) {
            publication.dueAt = System.nanoTime() + retryAfterMs * 1_000_000;
        }
    }

    @Override
    public void denied(Sender sender, String why) {
        denied = why;
    }

    @Override
    public void lost(Sender sender) {
        unacknowledged.values().stream()
                .filter(publication -> publication.sender == sender)
                .forEach(publication -> publication.dueAt = 0);
    }

    /** Ids are numbered, and the channels take turns. */
    private String channelOf(String messageId) {
        int number = Integer.parseInt(messageId.substring(prefix.length()));
        return channels.get(number % channels.size());
    }

    private void tick() {
        long now = System.nanoTime();
        for (Publication publication : List.copyOf(unacknowledged.values())) {
            if (publication.dueAt <= now && !send(publication, now)) {
                break;
            }
        }
        meter.advance(now);
        while (flowing && meter.isDue() && unacknowledged.size() < MOST_UNACKNOWLEDGED && anyReady()) {
            meter.sent();
            publish(now);
        }
    }

    private void publish(long now) {
        String id = prefix + count++;
        Publication publication = new Publication(id, channelOf(id), now, repeating ? REPEATED : 1);
        if (!padding.isEmpty()) {
            publication.data.put("padding", padding);
        }
        ledger.published(id);
        unacknowledged.put(id, publication);
        send(publication, now);
        if (repeating) {
            send(publication, now);
        }
    }

    /** Sends by one that is ready, another than the last time if possible; tells whether there was one. */
    private boolean send(Publication publication, long now) {
        List<Sender> ready = senders.stream().filter(Sender::isReady).toList();
        if (ready.isEmpty()) {
            return false;
        }
        List<Sender> others =
                ready.stream().filter(sender -> sender != publication.sender).toList();
        List<Sender> candidates = others.isEmpty() ? ready : others;
        publication.sender = candidates.get(random.nextInt(candidates.size()));
        publication.dueAt = now + answerNanos;
        publication.sender.send(publication);
        return true;
    }

    private boolean anyReady() {
        return senders.stream().anyMatch(Sender::isReady);
    }
}
