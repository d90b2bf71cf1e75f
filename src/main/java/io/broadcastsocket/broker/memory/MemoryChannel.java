package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.Deduplication;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * The stream of one channel: its log, the ids it has seen and who listens.
 *
 * <p>Thread-safe: every method takes its monitor and none blocks inside. Announcing happens inside, so that listeners
 * hear of publications in the order of their offsets.
 */
final class MemoryChannel {
    private final String name;
    private final String epoch;
    private final ChannelRule rule;
    private final MemoryLimits limits;

    // Guarded by this
    private final History history = new History();
    private final List<Broker.Listener> listeners = new ArrayList<>(2);
    private Deduplication deduplication;
    private long top;
    private long lastUsed;
    private boolean evicted;

    MemoryChannel(String name, String epoch, ChannelRule rule, MemoryLimits limits) {
        this.name = name;
        this.epoch = epoch;
        this.rule = rule;
        this.limits = limits;
    }

    /** Appends and announces, or returns the first position of a duplicate; null when this channel was evicted. */
    synchronized Accepted append(Draft draft, long now) {
        if (evicted) {
            return null;
        }
        lastUsed = now;
        boolean idempotent = draft.identity() == Draft.Identity.PUBLISHER;
        if (idempotent && deduplication != null) {
            deduplication.trim(now - limits.deduplicationMs(), limits.deduplicationEntries());
            long first = deduplication.offsetOf(draft.messageId());
            if (first > 0) {
                return accepted(draft, first, Accepted.Outcome.DUPLICATE);
            }
        }
        Publication publication = PublicationEncoder.encode(draft, new Position(epoch, top + 1), now);
        // Only after encoding: were that to fail, the offset would be a hole.
        top = publication.offset();
        history.add(publication);
        history.trim(rule.history(), now - rule.history().ttlMs());
        if (idempotent) {
            if (deduplication == null) {
                deduplication = new Deduplication();
            }
            deduplication.remember(draft.messageId(), top, now);
        }
        for (Broker.Listener listener : listeners) {
            listener.announced(publication);
        }
        return accepted(draft, top, Accepted.Outcome.APPENDED);
    }

    synchronized ReadResult read(Position after, int limit, long now) {
        history.trim(rule.history(), now - rule.history().ttlMs());
        Position newest = top();
        if (!after.sameEpoch(newest) || after.offset() > top) {
            return new ReadResult.Unservable(Gap.Reason.EPOCH, oldest(), newest);
        }
        if (after.offset() == top) {
            return new ReadResult.Page(List.of(), newest);
        }
        if (after.offset() < oldest().offset()) {
            return new ReadResult.Unservable(Gap.Reason.TRIMMED, oldest(), newest);
        }
        return new ReadResult.Page(history.after(after.offset(), limit), newest);
    }

    synchronized Position top() {
        return new Position(epoch, top);
    }

    /** Adds a listener and returns the position it hears from; null when this channel was evicted. */
    synchronized Position attach(Broker.Listener listener) {
        if (evicted) {
            return null;
        }
        if (!listeners.contains(listener)) {
            listeners.add(listener);
        }
        return top();
    }

    synchronized void detach(Broker.Listener listener) {
        listeners.remove(listener);
    }

    /** Forgets what is too old; returns true when nothing is left that anybody could ask for, and the channel is dead. */
    synchronized boolean expire(long now, double historyShare) {
        history.trim(rule.history(), now - (long) (rule.history().ttlMs() * historyShare));
        if (deduplication != null) {
            deduplication.trim(now - limits.deduplicationMs(), limits.deduplicationEntries());
            if (deduplication.isEmpty()) {
                deduplication = null;
            }
        }
        boolean forgotten = top == 0 || lastUsed < now - limits.positionMs();
        evicted = forgotten && listeners.isEmpty() && history.size() == 0 && deduplication == null;
        return evicted;
    }

    synchronized long bytes() {
        return history.bytes();
    }

    synchronized boolean wasUsed() {
        return top > 0;
    }

    private Position oldest() {
        return new Position(epoch, history.size() == 0 ? top : history.firstOffset() - 1);
    }

    private Accepted accepted(Draft draft, long offset, Accepted.Outcome outcome) {
        return new Accepted(name, draft.messageId(), new Position(epoch, offset), Accepted.Durability.MEMORY, outcome);
    }
}
