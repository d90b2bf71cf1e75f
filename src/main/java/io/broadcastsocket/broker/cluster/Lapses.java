package io.broadcastsocket.broker.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How often this member may have been among fewer than the quorum. While it is, the others may go on without it; so what it has
 * kept over that may be the past. When it is part of a quorum again and its logs were not replaced by those of the others, they go on
 * in another epoch.
 *
 * <p>Events of Hazelcast come too late for that: a log may have moved to a member that has just come before anybody is told that
 * this one was alone. So whoever asks compares who is there now with who was there when it was last asked: when fewer than the
 * quorum have stayed all the time, there may have been a lapse in between. A member that comes again is another one.
 *
 * <p>Thread-safe. One for each member, in its user context.
 */
final class Lapses {
    static final String KEY = Lapses.class.getName();

    /** Those of no member. */
    static final Lapses NONE = new Lapses(Set::of, 0);

    private static final String QUORUM = KEY + ".quorum";

    private final Supplier<Set<Member>> present;
    private final int quorum;
    private volatile Set<Member> known = Set.of();
    private volatile long count;

    /** @param present who is there, the same set as long as nobody comes or goes */
    Lapses(Supplier<Set<Member>> present, int quorum) {
        this.present = present;
        this.quorum = quorum;
    }

    /** Tells a member that will be started what its quorum is. */
    static void configure(Config config, int quorum) {
        config.getUserContext().put(QUORUM, quorum);
    }

    /** Those of a member. */
    static Lapses of(HazelcastInstance member) {
        return (Lapses) member.getUserContext()
                .computeIfAbsent(
                        KEY,
                        key -> new Lapses(() -> member.getCluster().getMembers(), (Integer)
                                member.getUserContext().get(QUORUM)));
    }

    /** Looks who is there: the more often, the less is taken for a lapse that was none. */
    void look() {
        try {
            if (present.get() != known) {
                compare();
            }
        } catch (HazelcastInstanceNotActiveException restarting) {
            // Whoever is there when it is back is compared with those before.
            return;
        }
    }

    private synchronized void compare() {
        Set<Member> now = present.get();
        if (known.stream().filter(now::contains).count() < quorum) {
            count++;
        }
        known = now;
    }

    /** Up to this moment; never goes back. */
    long count() {
        look();
        return count;
    }
}
