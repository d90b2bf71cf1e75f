package io.broadcastsocket.broker.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.map.IMap;

/** What the clusters in this JVM keep of sessions. */
public final class KeptSessions {
    private KeptSessions() {}

    /** Whether something is kept that has all these words in it. */
    public static boolean have(String... words) {
        return Hazelcast.getAllHazelcastInstances().stream()
                .map(member -> member.<String, KeptSession>getMap(MemberConfig.SESSIONS))
                .map(IMap::values)
                .flatMap(kept -> kept.stream().filter(one -> !one.isWanted()).map(KeptSession::document))
                .anyMatch(document -> {
                    for (String word : words) {
                        if (!document.contains(word)) {
                            return false;
                        }
                    }
                    return true;
                });
    }
}
