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
    private volatile int instance;

    public WorkerRecord(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    /**
     * Number of the newest instance. Each has bus addresses of its own, so that nothing goes to one that is stuck and was
     * replaced.
     */
    public int instance() {
        return instance;
    }

    /** Begins another instance, to which all addresses lead from now on; only the supervisor does this. */
    public int nextInstance() {
        instance = instance + 1;
        return instance;
    }

    /** Bus address of the newest instance for one purpose. */
    public String address(String purpose) {
        return "worker." + id + "." + instance + "." + purpose;
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
