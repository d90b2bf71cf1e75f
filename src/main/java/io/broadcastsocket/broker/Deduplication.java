package io.broadcastsocket.broker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The message ids of one channel that publishers sent within the window, with the offsets they got.
 *
 * <p>Not thread-safe: guarded by its channel.
 */
public final class Deduplication {
    /** Offset that an id got, and when (milliseconds since 1970). */
    private record Seen(long offset, long at) {}

    /** Takes what is remembered. */
    public interface Reader {
        void seen(String messageId, long offset, long at);
    }

    private final Map<String, Seen> seen = new LinkedHashMap<>(4);

    /** The offset of an earlier publication with this id, or 0. */
    public long offsetOf(String messageId) {
        Seen earlier = seen.get(messageId);
        return earlier == null ? 0 : earlier.offset();
    }

    public void remember(String messageId, long offset, long now) {
        seen.put(messageId, new Seen(offset, now));
    }

    /** Forgets ids older than {@code oldest} and the oldest beyond {@code maxEntries}. */
    public void trim(long oldest, int maxEntries) {
        Iterator<Seen> ids = seen.values().iterator();
        while (ids.hasNext() && (ids.next().at() < oldest || seen.size() > maxEntries)) {
            ids.remove();
        }
    }

    public boolean isEmpty() {
        return seen.isEmpty();
    }

    public int size() {
        return seen.size();
    }

    /** Tells all that is remembered, the oldest first. */
    public void forEach(Reader reader) {
        seen.forEach((messageId, first) -> reader.seen(messageId, first.offset(), first.at()));
    }
}
