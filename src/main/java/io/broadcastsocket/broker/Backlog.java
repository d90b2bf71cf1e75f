package io.broadcastsocket.broker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the publications that wait for the log, and says when there are too many.
 *
 * <p>Changed on one event loop; read on any thread.
 */
public final class Backlog {
    private final int mostMessages;
    private final long mostBytes;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    /**
     * @param mostMessages publications that may wait
     * @param mostBytes bytes of their data
     */
    public Backlog(int mostMessages, long mostBytes) {
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
    }

    /** One more with so many bytes waits, unless that is too much: then it counts as refused. */
    public boolean enter(int size) {
        if (messages.get() >= mostMessages || bytes.get() + size > mostBytes) {
            refused();
            return false;
        }
        messages.incrementAndGet();
        bytes.addAndGet(size);
        return true;
    }

    /** One with so many bytes waits no longer. */
    public void leave(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** Something was sent again. */
    public void retried() {
        retries.incrementAndGet();
    }

    /** A publication failed. */
    public void refused() {
        refusals.incrementAndGet();
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return messages.get() == 0;
    }

    /** What operators are told, by name. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("queueMessages", messages.get());
        counters.put("queueBytes", bytes.get());
        counters.put("queueRetries", retries.get());
        counters.put("queueRefusals", refusals.get());
        return counters;
    }
}
