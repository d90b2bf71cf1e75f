package io.broadcastsocket.broker.redis;

/**
 * Makes epochs that no channel has had.
 *
 * <p>Event loop only.
 */
final class Epochs {
    private final String prefix;
    private long count;

    /** @param nodeId unique for this life of the process */
    Epochs(String nodeId) {
        this.prefix = nodeId + ".";
    }

    String next() {
        return prefix + Long.toString(++count, 36);
    }
}
