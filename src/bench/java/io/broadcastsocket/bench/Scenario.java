package io.broadcastsocket.bench;

import java.util.List;

/**
 * One load and the servers that get it in turn.
 *
 * @param name how it is selected on the command line
 * @param title how it is headed in the report
 * @param mode the generator's mode
 * @param contenders in the order in which they take turns
 * @param jvmFlags for those that are JVMs
 * @param load the generator's further arguments
 */
record Scenario(
        String name, String title, Mode mode, List<Contender> contenders, List<String> jvmFlags, List<String> load) {

    /** A mode of the generator and what its report shows. */
    enum Mode {
        WINDOW,
        RATE,
        CHANNELS,
        STALLED,
        IDLE,
        CONNECT,
        SOAK,
        REDIS_PUBLISH,
        REDIS_LATENCY,
        REDIS_TWO_NODES,
        REDIS_MEMORY,
        REDIS_CHANNELS,
        REDIS_RECONNECT,
        CLUSTER_LATENCY,
        CLUSTER_PUBLISH,
        CLUSTER_MEMORY,
        CLUSTER_CHANNELS;

        /** Whether one of the two processes is expected to use its whole processor. */
        boolean saturates() {
            return this == WINDOW || this == CHANNELS || this == REDIS_PUBLISH || this == CLUSTER_PUBLISH;
        }
    }
}
