package io.broadcastsocket.simulation;

import io.broadcastsocket.hub.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** Event loops whose tasks interleave at random; each runs its own in order. */
final class SimulatedLoops {
    private final RandomGenerator random;
    private final List<SimulatedLoop> loops = new ArrayList<>();

    SimulatedLoops(RandomGenerator random) {
        this.random = random;
    }

    final class SimulatedLoop implements Loop {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }

    SimulatedLoop create() {
        SimulatedLoop loop = new SimulatedLoop();
        loops.add(loop);
        return loop;
    }

    /** Runs one task of one loop; false when none has any. */
    boolean runOne() {
        List<SimulatedLoop> busy =
                loops.stream().filter(loop -> !loop.tasks.isEmpty()).toList();
        if (busy.isEmpty()) {
            return false;
        }
        busy.get(random.nextInt(busy.size())).tasks.poll().run();
        return true;
    }

    void runAll() {
        while (runOne()) {
            // Each task may add others.
        }
    }
}
