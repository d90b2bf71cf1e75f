package io.broadcastsocket.hub;

/** The thread that a shard is confined to. */
public interface Loop {
    /** Runs a task on this thread after those that wait already. */
    void execute(Runnable task);

    /** Whether the caller is on this thread. */
    boolean isCurrent();
}
