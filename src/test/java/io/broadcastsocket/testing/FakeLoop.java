package io.broadcastsocket.testing;

import io.broadcastsocket.hub.Loop;
import java.util.ArrayDeque;
import java.util.Queue;

/** An event loop whose tasks run when the test says so. */
public final class FakeLoop implements Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    /** Runs until nothing is left, or fails when it never ends. */
    public void run() {
        for (int i = 0; !tasks.isEmpty(); i++) {
            if (i == 10_000) {
                throw new AssertionError("the loop never comes to rest");
            }
            tasks.poll().run();
        }
    }
}
