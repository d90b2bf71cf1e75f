package io.broadcastsocket.verify.options;

/**
 * How long things last, in milliseconds.
 *
 * @param aroundMs load before a fault, and again after it
 * @param freezeMs how long a frozen node is
 * @param partitionMs how long a node is cut off from its peers
 * @param slowMs how long slow clients take nothing
 * @param recoveryMs within which everybody must be served again, besides the time in which a client notices silence
 * @param attemptMs after which a client gives up an attempt to connect
 * @param answerMs after which a publication without an answer is sent again elsewhere
 * @param failureMs after which local nodes take a silent one for dead
 * @param heartbeatMs of local nodes
 */
public record Pace(
        long aroundMs,
        long freezeMs,
        long partitionMs,
        long slowMs,
        long recoveryMs,
        long attemptMs,
        long answerMs,
        long failureMs,
        long heartbeatMs) {}
