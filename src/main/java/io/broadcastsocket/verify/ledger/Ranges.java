package io.broadcastsocket.verify.ledger;

import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/** A set of offsets, kept as ranges that do not overlap. */
final class Ranges {
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    void add(long from, long to) {
        for (long offset = from; offset <= to; ) {
            Map.Entry<Long, Long> known = ends.floorEntry(offset);
            if (known != null && known.getValue() >= offset) {
                offset = known.getValue() + 1;
                continue;
            }
            Map.Entry<Long, Long> next = ends.higherEntry(offset);
            long end = next == null ? to : Math.min(to, next.getKey() - 1);
            ends.put(offset, end);
            offset = end + 1;
        }
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> range = ends.floorEntry(offset);
        return range != null && range.getValue() >= offset;
    }

    /** Takes one offset out, if it is in. */
    boolean remove(long offset) {
        Map.Entry<Long, Long> range = ends.floorEntry(offset);
        if (range == null || range.getValue() < offset) {
            return false;
        }
        ends.remove(range.getKey());
        if (range.getKey() < offset) {
            ends.put(range.getKey(), offset - 1);
        }
        if (range.getValue() > offset) {
            ends.put(offset + 1, range.getValue());
        }
        return true;
    }

    /** The first of these numbers that is in. */
    Optional<Long> firstOf(NavigableSet<Long> numbers) {
        return ends.entrySet().stream()
                .map(range -> numbers.subSet(range.getKey(), true, range.getValue(), true))
                .filter(common -> !common.isEmpty())
                .map(NavigableSet::first)
                .findFirst();
    }
}
