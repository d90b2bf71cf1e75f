package io.broadcastsocket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hub, sequencer and memory broker under random interleavings, losses and slow readers, with the promise as invariant. */
class DeliverySimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 300);

    /** {@code -Dsimulation.seed=N} repeats one run, {@code -Dsimulation.seeds=N} makes more. */
    private static final Long ONLY = Long.getLong("simulation.seed");

    @Test
    void everySubscriberSeesEveryPublicationOnceInOrderOrATrueGap() {
        long first = ONLY == null ? 1 : ONLY;
        long last = ONLY == null ? SEEDS : ONLY;
        long messages = 0;
        long gaps = 0;
        for (long seed = first; seed <= last; seed++) {
            Simulation simulation = new Simulation(seed);
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dsimulation.seed=" + seed + ": " + e.getMessage(), e);
            }
            messages += simulation.messages();
            gaps += simulation.gaps();
        }
        System.out.println("simulated seeds=" + first + ".." + last + " messages=" + messages + " gaps=" + gaps);
        assertThat(messages).as("the simulation delivers something").isPositive();
    }
}
