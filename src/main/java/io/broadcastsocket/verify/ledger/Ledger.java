package io.broadcastsocket.verify.ledger;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that was published, acknowledged and delivered on some channels, and all of it that breaks the promise.
 *
 * <p>Confined to one thread; it knows no clock and no network.
 */
public final class Ledger {
    private record Acknowledged(Position position, boolean first) {}

    private final Survival survival;
    private final Violations violations = new Violations();
    private final Map<String, Map<String, Stream>> channels = new LinkedHashMap<>();
    private final Map<String, List<Track>> tracks = new LinkedHashMap<>();
    private final Set<String> published = new HashSet<>();
    private final Map<String, Acknowledged> acknowledged = new HashMap<>();
    private final Map<String, Long> gaps = new TreeMap<>();
    private long acknowledgedAgain;
    private long deliveries;
    private long repeated;
    private long sessionsAsked;
    private long sessionsResumed;

    /** @param survival of what nodes keep, during all that is written down here */
    public Ledger(Survival survival) {
        this.survival = survival;
    }

    /** The place for what this client is given of this channel. */
    public Track track(String client, String channel) {
        Track track = new Track(this, client, channel);
        tracks.computeIfAbsent(channel, name -> new ArrayList<>()).add(track);
        return track;
    }

    /** A publication is about to be sent for the first time. */
    public void published(String messageId) {
        published.add(messageId);
    }

    /** An ack, or a 200. */
    public void acknowledged(String messageId, String channel, Position position, boolean duplicate) {
        String who = "the ack of channel " + channel;
        Acknowledged before = acknowledged.putIfAbsent(messageId, new Acknowledged(position, !duplicate));
        if (before != null && before.position().sameEpoch(position)) {
            if (before.position().offset() != position.offset()) {
                violate(
                        Kind.CONTRADICTION,
                        messageId + " was acknowledged at " + before.position() + " and at " + position);
            } else if (before.first() && !duplicate) {
                violate(Kind.CONTRADICTION, messageId + " was acknowledged twice, each time as the first one");
            }
        }
        if (duplicate) {
            acknowledgedAgain++;
        }
        observe(channel, position.epoch(), position.offset(), messageId, who);
        stream(channel, position.epoch()).acknowledge(position.offset(), messageId);
    }

    /** A client came back and got its session. */
    public void sessionResumed() {
        sessionsAsked++;
        sessionsResumed++;
    }

    /** A client came back for its session too late, or before the server had to have kept it, and did not get it. */
    public void sessionForgotten() {
        sessionsAsked++;
    }

    /** A client came back in time and did not get its session. */
    public void sessionLost(String text) {
        sessionsAsked++;
        if (survival == Survival.CERTAIN) {
            violate(Kind.SESSION, text);
        }
    }

    /** Anything else that broke the promise. */
    public void violate(Kind kind, String text) {
        violations.add(kind, text);
    }

    /** How many were acknowledged. */
    public long acknowledgedCount() {
        return acknowledged.size();
    }

    /** How many messages came. */
    public long deliveries() {
        return deliveries;
    }

    /** Whether every client of a channel stands at this position. */
    public boolean allAt(String channel, Position top) {
        return tracks.getOrDefault(channel, List.of()).stream().allMatch(track -> track.isAt(top));
    }

    /**
     * Compares everything with the channel's history, when nothing is published any more and every client should have
     * everything.
     *
     * @param top the channel's newest position
     * @param history message ids by offset, of the epoch of the top
     */
    public void conclude(String channel, Position top, NavigableMap<Long, String> history) {
        history.forEach((offset, id) -> observe(channel, top.epoch(), offset, id, "the history of channel " + channel));
        stream(channel, top.epoch()).acknowledged().forEach((offset, id) -> {
            boolean trimmed = history.isEmpty() || offset < history.firstKey();
            if (offset > top.offset()) {
                violate(
                        Kind.MISSING,
                        id + " was acknowledged at offset " + offset + ", and channel " + channel + " ends at " + top);
            } else if (!trimmed && !history.containsKey(offset)) {
                violate(
                        Kind.MISSING,
                        id + ", acknowledged at offset " + offset + ", is not in the history of channel " + channel);
            }
        });
        tracks.getOrDefault(channel, List.of())
                .forEach(track -> track.conclude(channels.get(channel), top, history.navigableKeySet()));
    }

    public Tally tally() {
        return new Tally(
                published.size(),
                acknowledged.size(),
                acknowledgedAgain,
                deliveries,
                repeated,
                sessionsAsked,
                sessionsResumed,
                gaps,
                violations.count(),
                violations.first());
    }

    void delivered() {
        deliveries++;
    }

    void repeated() {
        repeated++;
    }

    void gap(String reason) {
        gaps.merge(reason, 1L, Long::sum);
    }

    Survival survival() {
        return survival;
    }

    /** A source tells what is at an offset. */
    void observe(String channel, String epoch, long offset, String messageId, String who) {
        if (!published.contains(messageId)) {
            violate(
                    Kind.FOREIGN,
                    messageId + " at offset " + offset + " of channel " + channel + " was published by nobody");
            return;
        }
        String contradiction = stream(channel, epoch).observe(offset, messageId, who);
        if (contradiction != null) {
            violate(Kind.CONTRADICTION, "channel " + channel + ": " + contradiction);
        }
    }

    private Stream stream(String channel, String epoch) {
        return channels.computeIfAbsent(channel, name -> new LinkedHashMap<>())
                .computeIfAbsent(epoch, name -> new Stream());
    }
}
