package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.broadcastsocket.broker.Deduplication;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The log of one channel: a value of the cluster's map, on the member that owns its partition and on the one that has the
 * copy.
 *
 * <p>Confined to the thread of its partition. It is changed in place, on both members by the same steps with the same
 * arguments, so that both stay equal; it is written as a whole only when a partition moves.
 *
 * <p>An epoch begins when the log does, when members that may not be the only ones go on with it ({@link Standing}), and when
 * a member goes on with what it has kept while others may have gone on without it ({@link Lapses}).
 * Offsets go on over that, so up to {@code start} they mean the same in the epoch before.
 */
final class ChannelLog implements IdentifiedDataSerializable, HazelcastInstanceAware {
    /** A producer's last batch is remembered for its repetition, which comes within seconds. */
    private static final int MOST_PRODUCERS = 64;

    /** As long as somebody may follow up on having asked for a channel that was never used. */
    private static final long UNUSED_MS = 600_000;

    private record Done(long batch, Appended result) {}

    private final LogEntries entries = new LogEntries();
    private final Deduplication deduplication = new Deduplication();
    private final Map<String, Done> producers = new LinkedHashMap<>(4);
    /** Null unless it is the log of a presence that somebody has entered. */
    private Roster roster;

    private String epoch = "";
    private String previousEpoch = "";
    private String regime = "";
    private long start;
    private long top;
    private long lastTime;
    private long ttlMs = Long.MAX_VALUE;
    private long deduplicationMs = Long.MAX_VALUE;
    private long keptSince;

    /** It was kept by a member that others may have gone on without. */
    private boolean isPast;

    // Of the member that it is on
    private Lapses lapses = Lapses.NONE;
    private long lapse;

    /** For Hazelcast. */
    ChannelLog() {}

    ChannelLog(String epoch) {
        this.epoch = epoch;
    }

    /** It is on this member now. */
    @Override
    public void setHazelcastInstance(HazelcastInstance member) {
        lapses = Lapses.of(member);
        lapse = lapses.count();
    }

    /** Whether it may be the past: then it begins another epoch with what is appended next. */
    boolean isPast() {
        return isPast || lapse != lapses.count();
    }

    Position top() {
        return new Position(epoch, top);
    }

    long bytes() {
        return entries.bytes();
    }

    /** The cluster's time, or that of the last change if it is later: time does not go back when the owner changes. */
    long timeAt(long clusterTime) {
        return Math.max(clusterTime, lastTime);
    }

    /** Whether it is about time to say that the log is still in use; then that was said. */
    boolean keepsOn(long now, long usually) {
        long keptMs = keptMs(usually);
        boolean due = keptMs > 0 && now - keptSince > keptMs / 4;
        keptSince = due ? now : keptSince;
        return due;
    }

    /** Whether a batch of this producer with this number, or a later one, has been appended. */
    boolean knows(Batch batch) {
        Done done = producers.get(batch.producer());
        return done != null && done.batch() >= batch.number();
    }

    /** What became of a batch that it knows. */
    Appended outcome(Batch batch) {
        Done done = producers.get(batch.producer());
        if (done.batch() != batch.number()) {
            throw new NotServing("the batch was given up, and a later one has come");
        }
        return done.result();
    }

    /** The epoch that begins when members of this regime go on with the log, or the one that there is. */
    String epochUnder(String otherRegime, String fresh) {
        return !isPast() && (otherRegime.isEmpty() || otherRegime.equals(regime)) ? epoch : fresh;
    }

    /** Appends a batch that it does not know. */
    Appended append(Batch batch, Terms terms) {
        begin(terms);
        LogRule rule = terms.rule();
        long now = terms.now();
        lastTime = now;
        ttlMs = rule.ttlMs();
        deduplicationMs = rule.deduplicationMs();
        deduplication.trim(now - deduplicationMs, rule.deduplicationEntries());
        long[] offsets = new long[batch.items().size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = append(batch.items().get(i), now);
        }
        entries.trim(rule.size(), rule.bytes(), now - ttlMs);
        Appended result = new Appended(epoch, now, offsets);
        producers.remove(batch.producer());
        producers.put(batch.producer(), new Done(batch.number(), result));
        if (producers.size() > MOST_PRODUCERS) {
            producers.remove(producers.keySet().iterator().next());
        }
        return result;
    }

    /** Changes the members, and appends what that is told as; for a batch without publications that it does not know. */
    Appended change(String presence, Batch batch, List<RosterChange> changes, Terms terms) {
        roster = roster == null ? new Roster() : roster;
        List<Batch.Item> told = new ArrayList<>();
        int[] notes = new int[changes.size()];
        for (int i = 0; i < notes.length; i++) {
            notes[i] = roster.apply(presence, changes.get(i), told);
        }
        Batch events = new Batch(batch.producer(), batch.number(), told);
        Appended result = append(events, terms).noted(notes);
        producers.put(batch.producer(), new Done(batch.number(), result));
        return result;
    }

    /** The members; only to be read. */
    Roster roster() {
        return roster == null ? new Roster() : roster;
    }

    /**
     * How long it is kept: as long as somebody is there, and not for long when nothing was ever appended. In the words of Hazelcast,
     * for which 0 is for ever.
     */
    long keptMs(long usually) {
        return !roster().isEmpty() ? 0 : top == 0 ? Math.min(UNUSED_MS, usually) : usually;
    }

    private void begin(Terms terms) {
        regime = terms.regime();
        if (!terms.epoch().equals(epoch)) {
            previousEpoch = epoch;
            epoch = terms.epoch();
            start = top;
        }
        isPast = false;
        lapse = lapses.count();
    }

    /** Its offset, negative when it is that of an earlier one with the same id. */
    private long append(Batch.Item item, long now) {
        long first = item.isIdempotent() ? deduplication.offsetOf(item.messageId()) : 0;
        if (first > 0) {
            return -first;
        }
        top++;
        entries.add(new LogEntry(item.messageId(), item.withheldFrom(), now, item.data()));
        if (item.isIdempotent()) {
            deduplication.remember(item.messageId(), top, now);
        }
        return top;
    }

    /** Where it stands, and what stands there, without its data. */
    LogPage newest() {
        return entries.size() == 0
                ? LogPage.of(top(), top, List.of())
                : LogPage.of(
                        top(), top - 1, List.of(entries.get(entries.size() - 1).withoutData()));
    }

    /** Publications after a position, or why there are none to be had. */
    LogPage read(Position after, int limit, long mostBytes, long now) {
        expire(now, 1);
        Position newest = top();
        if (!after.sameEpoch(newest) || after.offset() > top) {
            boolean survived = previousEpoch.equals(after.epoch()) && after.offset() <= start;
            long resumeAt = Math.max(floor(), survived ? after.offset() : Math.min(start, top));
            return LogPage.unservable(Gap.Reason.EPOCH, newest, resumeAt);
        }
        if (after.offset() < floor()) {
            return LogPage.unservable(Gap.Reason.TRIMMED, newest, floor());
        }
        int from = (int) (after.offset() - floor());
        int to = from;
        long bytes = 0;
        while (to < entries.size() && to - from < limit && (bytes == 0 || bytes < mostBytes)) {
            bytes += entries.get(to++).bytes();
        }
        List<LogEntry> page = IntStream.range(from, to).mapToObj(entries::get).toList();
        return LogPage.of(newest, after.offset(), page);
    }

    /**
     * Lets go of what is too old.
     *
     * @param share part of the usual age that publications may have, when memory is short
     */
    void expire(long now, double share) {
        entries.trim(Integer.MAX_VALUE, Long.MAX_VALUE, now - (long) (ttlMs * share));
        deduplication.trim(now - deduplicationMs, Integer.MAX_VALUE);
    }

    /** The offset before the oldest publication. */
    private long floor() {
        return top - entries.size();
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.CHANNEL_LOG;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        for (String text : List.of(epoch, previousEpoch, regime)) {
            out.writeString(text);
        }
        for (long number : new long[] {start, top, lastTime, ttlMs, deduplicationMs, keptSince}) {
            out.writeLong(number);
        }
        out.writeBoolean(isPast());
        entries.write(out);
        roster().write(out);
        out.writeInt(deduplication.size());
        IOException[] failure = {null};
        deduplication.forEach((messageId, offset, at) -> {
            try {
                out.writeString(messageId);
                out.writeLong(offset);
                out.writeLong(at);
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        out.writeInt(producers.size());
        for (Map.Entry<String, Done> producer : producers.entrySet()) {
            out.writeString(producer.getKey());
            out.writeLong(producer.getValue().batch());
            producer.getValue().result().writeData(out);
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        epoch = in.readString();
        previousEpoch = in.readString();
        regime = in.readString();
        start = in.readLong();
        top = in.readLong();
        lastTime = in.readLong();
        ttlMs = in.readLong();
        deduplicationMs = in.readLong();
        keptSince = in.readLong();
        isPast = in.readBoolean();
        entries.read(in);
        roster = new Roster();
        roster.read(in);
        roster = roster.isEmpty() && roster.version() == 0 ? null : roster;
        for (int i = in.readInt(); i > 0; i--) {
            deduplication.remember(in.readString(), in.readLong(), in.readLong());
        }
        for (int i = in.readInt(); i > 0; i--) {
            String producer = in.readString();
            long batch = in.readLong();
            Appended result = new Appended();
            result.readData(in);
            producers.put(producer, new Done(batch, result));
        }
    }
}
