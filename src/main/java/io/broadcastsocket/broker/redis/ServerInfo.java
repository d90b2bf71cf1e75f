package io.broadcastsocket.broker.redis;

import java.util.HashMap;
import java.util.Map;

/**
 * What a Redis server says about itself.
 *
 * @param version as in {@code 7.0.15}
 * @param life id of this life of the server: another one after a restart, and after another server was the master meanwhile
 * @param role {@code master} or {@code slave}
 */
record ServerInfo(String version, String life, String role) {
    /** Oldest version with all commands of the bridge. */
    private static final int[] MINIMUM = {6, 2};

    /** Reads the answer to {@code INFO}. */
    static ServerInfo parse(String info) {
        Map<String, String> fields = new HashMap<>();
        for (String line : info.split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        }
        return new ServerInfo(
                fields.getOrDefault("redis_version", "0"),
                // The replication id is another one each time that a server becomes the master.
                fields.getOrDefault("run_id", "") + "." + fields.getOrDefault("master_replid", ""),
                fields.getOrDefault("role", ""));
    }

    /** Fails when the bridge cannot work with this server. */
    void check(String endpoint) {
        if (major() < MINIMUM[0] || (major() == MINIMUM[0] && minor() < MINIMUM[1])) {
            throw RedisFailure.refused(
                    endpoint + " is Redis " + version + "; at least " + MINIMUM[0] + "." + MINIMUM[1] + " is needed");
        }
        if (!role.equals("master")) {
            throw RedisFailure.refused(endpoint + " is a read-only replica; name the master, or use redis+sentinel://");
        }
    }

    /** Whether it has pub/sub that stays on one server of a cluster. */
    boolean hasShardedPubSub() {
        return major() >= 7;
    }

    private int major() {
        return part(0);
    }

    private int minor() {
        return part(1);
    }

    private int part(int index) {
        String[] parts = version.split("\\.");
        return index < parts.length && parts[index].matches("\\d{1,9}") ? Integer.parseInt(parts[index]) : 0;
    }
}
