package io.broadcastsocket.bench;

import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What was published, when, and who has received it. Confined to the generator's thread.
 *
 * <p>Messages are numbered from 0; the last {@value #RING} of them are remembered.
 */
final class Ledger {
    static final int RING = 1 << 18;
    private static final int MASK = RING - 1;

    private final long[] digits = new long[RING];
    private final long[] scheduled = new long[RING];
    private final int[] awaited = new int[RING];
    private final int receivers;
    private final List<Ledger> parts;
    private Histogram histogram = new Histogram(3);
    private long recordFrom = Long.MAX_VALUE;
    private long recordUntil = Long.MAX_VALUE;
    private long published;
    private long completed;
    private long deliveries;
    private long payloadBytes;
    private long missing;
    private long misordered;

    /**
     * A message is complete when {@code receivers} of its subscribers have it, and all parts have it complete. Deliveries to the
     * receivers of a part are told to the part, which times them apart from others.
     */
    Ledger(int receivers, Ledger... parts) {
        this.receivers = receivers;
        this.parts = List.of(parts);
    }

    /** Registers the next message; {@code due} is when it was to be sent. Returns its number. */
    long publish(long due) {
        int slot = (int) published & MASK;
        digits[slot] = Hex.encode(published);
        scheduled[slot] = due;
        awaited[slot] = receivers;
        if (receivers == 0) {
            completed++;
        }
        for (Ledger part : parts) {
            part.publish(due);
        }
        return published++;
    }

    long digits(long sequence) {
        return digits[(int) sequence & MASK];
    }

    void delivered(long sequence, int length, long now) {
        deliveries++;
        payloadBytes += length;
        int slot = (int) sequence & MASK;
        if (sequence >= recordFrom && sequence < recordUntil) {
            histogram.recordValue(now - scheduled[slot]);
        }
        if (--awaited[slot] == 0) {
            completed++;
        }
    }

    /** A delivery that is checked elsewhere and neither timed nor awaited. */
    void deliveredUntimed(int length) {
        deliveries++;
        payloadBytes += length;
    }

    void missed(long count) {
        missing += count;
    }

    void misordered() {
        misordered++;
    }

    /** Records the latency of every message published from here on, in a histogram of its own. */
    void startRecording() {
        histogram = new Histogram(3);
        recordFrom = published;
        recordUntil = Long.MAX_VALUE;
        parts.forEach(Ledger::startRecording);
    }

    /** Later messages are not recorded; those under way still are. */
    Histogram stopRecording() {
        recordUntil = published;
        parts.forEach(Ledger::stopRecording);
        return histogram;
    }

    long published() {
        return published;
    }

    long underWay() {
        return Math.max(
                published - completed,
                parts.stream().mapToLong(Ledger::underWay).max().orElse(0));
    }

    long deliveries() {
        return sum(deliveries, Ledger::deliveries);
    }

    long payloadBytes() {
        return sum(payloadBytes, Ledger::payloadBytes);
    }

    long missing() {
        return sum(missing, Ledger::missing);
    }

    long misorderedOrDuplicate() {
        return sum(misordered, Ledger::misorderedOrDuplicate);
    }

    private long sum(long own, ToLongFunction<Ledger> figure) {
        return own + parts.stream().mapToLong(figure).sum();
    }
}
