package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.HazelcastInstance;

/**
 * How often this member has found itself among fewer than the quorum. While it is, the others may go on without it; so what it has
 * kept over that may be the past. When it is part of a quorum again and its logs were not replaced by those of the others, they go on
 * in another epoch.
 *
 * <p>Thread-safe. One for each member, in its user context.
 */
final class Lapses {
    private static final String KEY = Lapses.class.getName();

    private boolean below;
    private volatile long count;

    /** Those of a member. */
    static Lapses of(HazelcastInstance member) {
        return (Lapses) member.getUserContext().computeIfAbsent(KEY, key -> new Lapses());
    }

    /** So many members are there. */
    synchronized void see(int present, int quorum) {
        if (present < quorum && !below) {
            count++;
        }
        below = present < quorum;
    }

    long count() {
        return count;
    }
}
