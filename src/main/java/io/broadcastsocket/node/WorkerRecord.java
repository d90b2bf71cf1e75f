package io.broadcastsocket.node;

import io.broadcastsocket.stats.WorkerStats;
import java.util.Locale;

/**
 * What is known of one worker, whoever asks.
 *
 * <p>Thread-safe.
 */
public final class WorkerRecord {
    /** How a worker is. */
    public enum State {
        STARTING,
        UP,
        /** Its event loop does not answer. */
        BLOCKED,
        /** It could not start, or reported that it cannot go on. */
        FAILED,
        STOPPED;

        /** The word in {@code /health} and {@code /stats}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final int id;
    private final WorkerStats stats = new WorkerStats();
    private volatile State state = State.STARTING;
    private volatile String reason = "";
    private volatile String thread = "";
    private volatile int restarts;

    public WorkerRecord(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    /** Counts over all instances that this worker has had. */
    public WorkerStats stats() {
        return stats;
    }

    public State state() {
        return state;
    }

    /** Why it is not up; empty when it is. */
    public String reason() {
        return reason;
    }

    /** Name of the event loop's thread that it runs on. */
    public String thread() {
        return thread;
    }

    public int restarts() {
        return restarts;
    }

    public void startedOn(String threadName) {
        thread = threadName;
    }

    public void change(State next, String why) {
        state = next;
        reason = why;
    }

    /** Only the supervisor counts. */
    public void countRestart() {
        restarts = restarts + 1;
    }
}
