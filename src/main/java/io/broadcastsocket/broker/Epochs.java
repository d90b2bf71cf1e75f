package io.broadcastsocket.broker;

/**
 * Makes epochs that no channel has had.
 *
 * <p>Event loop only.
 */
public final class Epochs {
    private final String prefix;
    private long count;

    /** @param nodeId unique for this life of the process */
    public Epochs(String nodeId) {
        this.prefix = nodeId + ".";
    }

    public String next() {
        return prefix + Long.toString(++count, 36);
    }
}
