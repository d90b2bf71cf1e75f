package io.broadcastsocket.verify.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** One epoch of a channel, as all sources together describe it: subscribers, acks and the history. */
final class Stream {
    private record Source(String messageId, String who) {}

    private final Map<Long, Source> known = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final TreeMap<Long, String> acknowledged = new TreeMap<>();

    /** Takes down what a source says of an offset; gives the contradiction to what others said, or null. */
    String observe(long offset, String messageId, String who) {
        Source other = known.putIfAbsent(offset, new Source(messageId, who));
        if (other != null && !other.messageId().equals(messageId)) {
            return "offset " + offset + " is " + messageId + " for " + who + ", and " + other.messageId() + " for "
                    + other.who();
        }
        Long elsewhere = offsets.putIfAbsent(messageId, offset);
        if (elsewhere != null && elsewhere != offset) {
            return messageId + " is at offset " + offset + " for " + who + ", and at offset " + elsewhere + " as well";
        }
        return null;
    }

    void acknowledge(long offset, String messageId) {
        acknowledged.put(offset, messageId);
    }

    /** Message ids by offset. */
    TreeMap<Long, String> acknowledged() {
        return acknowledged;
    }
}
