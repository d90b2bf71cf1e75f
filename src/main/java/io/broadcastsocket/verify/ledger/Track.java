package io.broadcastsocket.verify.ledger;

import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.ledger.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * What one client was given of one channel, compared with what it may be given: the rules of PROTOCOL.md, from the client's
 * side.
 *
 * <p>Confined to one thread. {@code cursor} is where this connection's delivery stands; it lies before the end of the stay
 * only while a resumed session repeats what it had announced.
 */
public final class Track {
    private static final String EPOCH = Gap.Reason.EPOCH.code();
    private static final String TRIMMED = Gap.Reason.TRIMMED.code();

    private final Ledger ledger;
    private final String client;
    private final String channel;
    private final List<Stay> stays = new ArrayList<>();
    private Stay stay;
    private long cursor;
    private long repeatsTo;
    private boolean gapDue;
    private boolean sessionGap;

    Track(Ledger ledger, String client, String channel) {
        this.ledger = ledger;
        this.client = client;
        this.channel = channel;
    }

    public boolean hasBegun() {
        return stay != null;
    }

    /** Whether it has everything up to there and not beyond, and no repetition is to come. */
    boolean isAt(Position top) {
        return stay != null && position().equals(top) && cursor == stay.end;
    }

    /** Where the client goes on, by its own account. */
    public Position position() {
        return new Position(stay.epoch, stay.end);
    }

    /** A subscription was acknowledged that was asked for live, or after {@link #position}. */
    public void subscribed(Position at, boolean recovered) {
        gapDue = stay != null && !recovered;
        sessionGap = false;
        if (stay == null) {
            begin(at);
        } else if (recovered && !at.equals(position())) {
            displaced("asked to go on", at);
        } else if (recovered) {
            cursor = at.offset();
            repeatsTo = cursor;
        }
    }

    /**
     * A session was taken up again, which goes on after what the server is sure of.
     *
     * @param redelivered how many of the next offsets may have come already
     */
    public void resumed(Position at, boolean recovered, long redelivered) {
        gapDue = !recovered;
        sessionGap = !recovered;
        if (stay == null) {
            begin(at);
        } else if (recovered && (!at.epoch().equals(stay.epoch) || at.offset() > stay.end)) {
            displaced("its session was resumed", at);
        } else if (recovered) {
            cursor = at.offset();
            repeatsTo = cursor + redelivered;
        }
    }

    public void message(long offset, String messageId) {
        ledger.delivered();
        if (stay == null) {
            violate(Kind.FOREIGN, "offset " + offset + " came before the subscription was acknowledged");
            return;
        }
        if (gapDue) {
            gapDue = false;
            violate(Kind.GAP, "offset " + offset + " came before the gap that the ack had announced");
        }
        if (offset <= cursor) {
            late(offset);
        } else {
            if (offset > cursor + 1) {
                skip(cursor + 1, offset - 1, "then came offset " + offset);
            } else if (offset <= stay.end) {
                repeat(offset);
            }
            cursor = offset;
            stay.end = Math.max(stay.end, offset);
        }
        ledger.observe(channel, stay.epoch, offset, messageId, client);
    }

    public void gap(long from, long to, String reason, Position next) {
        ledger.gap(reason);
        if (stay == null) {
            violate(Kind.GAP, "a gap came before the subscription was acknowledged");
            return;
        }
        boolean begins = from == cursor + 1 || (sessionGap && from <= stay.end + 1);
        gapDue = false;
        sessionGap = false;
        String text = "a gap " + from + ".." + to + " with reason " + reason;
        if (!begins) {
            violate(Kind.GAP, text + " where offset " + (cursor + 1) + " was next");
        }
        if (reason.equals(EPOCH)) {
            if (to != from - 1) {
                violate(Kind.GAP, text + " counts what cannot be counted");
            }
            if (stays.stream().anyMatch(left -> left.epoch.equals(next.epoch()))) {
                violate(Kind.GAP, text + " leads to epoch " + next.epoch() + ", which was left before");
            }
            if (ledger.survival() == Survival.CERTAIN) {
                violate(
                        Kind.EPOCH,
                        text + " leads from " + position() + " to " + next + ", and nothing can have been lost");
            }
            begin(next);
            return;
        }
        if (to < from || !next.epoch().equals(stay.epoch) || next.offset() != to) {
            violate(Kind.GAP, text + " does not end where delivery goes on, at " + next);
        }
        if (from > cursor + 1) {
            skip(cursor + 1, from - 1, "then came a gap from " + from);
        }
        if (reason.equals(TRIMMED)) {
            stay.trimmed.add(Math.max(from, stay.end + 1), to);
        }
        cursor = Math.max(cursor, to);
        stay.end = Math.max(stay.end, to);
    }

    /** Compares with everything that was acknowledged, when the client should have everything. */
    void conclude(Map<String, Stream> epochs, Position top, NavigableSet<Long> history) {
        if (stay == null) {
            violate(Kind.UNSERVED, "was never subscribed");
            return;
        }
        if (!position().equals(top)) {
            violate(Kind.UNSERVED, "stands at " + position() + ", and the channel at " + top);
        } else if (cursor < stay.end) {
            violate(Kind.UNSERVED, "was to get offsets " + (cursor + 1) + ".." + stay.end + " again, and did not");
        }
        epochs.forEach((epoch, stream) -> {
            if (stays.stream().noneMatch(known -> known.epoch.equals(epoch))
                    && stays.size() == 1
                    && !stream.acknowledged().isEmpty()) {
                violate(
                        Kind.MISSING,
                        stream.acknowledged().size() + " publications were acknowledged in epoch " + epoch
                                + ", of which it was told nothing");
            }
        });
        stays.stream()
                .filter(one -> one.epoch.equals(top.epoch()))
                .flatMap(one -> one.trimmed.firstOf(history).stream())
                .forEach(offset -> violate(
                        Kind.GAP, "a gap with reason trimmed has offset " + offset + ", which the history still has"));
        stays.forEach(one -> {
            Stream stream = epochs.get(one.epoch);
            if (stream != null) {
                conclude(one, stream);
            }
        });
    }

    private void conclude(Stay one, Stream stream) {
        stream.acknowledged().tailMap(one.start, false).forEach((offset, messageId) -> {
            boolean behind = offset > one.end && one == stay;
            if (behind || one.lost.contains(offset)) {
                violate(Kind.MISSING, messageId + ", acknowledged at offset " + offset + ", never came");
            }
        });
    }

    private void begin(Position at) {
        stay = new Stay(at.epoch(), at.offset());
        stays.add(stay);
        cursor = at.offset();
        repeatsTo = cursor;
    }

    /** Delivery goes on at another place than it must, and no gap says so. */
    private void displaced(String what, Position at) {
        violate(Kind.LOST, what + " after " + position() + " and stands at " + at + ", without a gap");
        if (!at.epoch().equals(stay.epoch)) {
            begin(at);
            return;
        }
        if (at.offset() > stay.end) {
            stay.lost.add(stay.end + 1, at.offset());
            stay.end = at.offset();
        }
        cursor = at.offset();
        repeatsTo = cursor;
    }

    private void late(long offset) {
        if (stay.lost.remove(offset)) {
            violate(Kind.REORDERED, "offset " + offset + " came after offset " + cursor);
        } else {
            violate(Kind.DUPLICATE, "offset " + offset + " came again after offset " + cursor);
        }
    }

    private void repeat(long offset) {
        if (offset <= repeatsTo) {
            ledger.repeated();
        } else if (stay.lost.remove(offset)) {
            violate(Kind.REORDERED, "offset " + offset + " came after offset " + stay.end);
        } else {
            violate(Kind.DUPLICATE, "offset " + offset + " came again, which nothing had announced");
        }
    }

    private void skip(long from, long to, String then) {
        violate(Kind.LOST, "offsets " + from + ".." + to + " did not come and no gap was announced; " + then);
        stay.lost.add(Math.max(from, stay.end + 1), to);
    }

    private void violate(Kind kind, String text) {
        ledger.violate(kind, client + ", channel " + channel + ": " + text);
    }
}
