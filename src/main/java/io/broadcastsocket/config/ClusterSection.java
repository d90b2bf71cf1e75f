package io.broadcastsocket.config;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The part of the configuration about other nodes. */
final class ClusterSection {
    private ClusterSection() {}

    static void findContradictions(JsonObject cluster, List<ConfigProblem> problems) {
        ServerConfig.Cluster.Join join = join(cluster);
        int members = members(cluster);
        if (join == ServerConfig.Cluster.Join.KUBERNETES
                && cluster.getString("service").isEmpty()) {
            problems.add(new ConfigProblem("/cluster/service", "must be named for \"join\": \"kubernetes\""));
        }
        if (join != ServerConfig.Cluster.Join.PEERS && cluster.getInteger("members") == 0) {
            problems.add(new ConfigProblem(
                    "/cluster/members", "must say how many nodes there are, since there is no list of peers to count"));
        }
        if (members == 0 && join == ServerConfig.Cluster.Join.PEERS) {
            problems.add(new ConfigProblem("/cluster/peers", "must name at least one node"));
        }
        if (cluster.getInteger("quorum") > members) {
            problems.add(
                    new ConfigProblem("/cluster/quorum", "must not be greater than the number of members, " + members));
        }
        if (cluster.getString("host").equals("0.0.0.0")
                && cluster.getString("publicHost").isEmpty()) {
            problems.add(new ConfigProblem(
                    "/cluster/publicHost", "must be named when \"host\" is 0.0.0.0: nobody can connect to that"));
        }
    }

    static ServerConfig.Cluster build(JsonObject cluster) {
        int members = members(cluster);
        int quorum = cluster.getInteger("quorum");
        JsonObject queue = cluster.getJsonObject("queue");
        return new ServerConfig.Cluster(
                cluster.getBoolean("enabled"),
                cluster.getString("name"),
                cluster.getString("host"),
                cluster.getString("publicHost"),
                cluster.getInteger("port"),
                cluster.getInteger("busPort"),
                join(cluster),
                peers(cluster),
                cluster.getString("multicastGroup"),
                cluster.getInteger("multicastPort"),
                cluster.getString("service"),
                members,
                quorum == 0 ? members / 2 + 1 : quorum,
                cluster.getLong("failureMs"),
                cluster.getLong("lingerMs"),
                new ServerConfig.Cluster.Queue(
                        queue.getInteger("messages"), queue.getLong("bytes"), queue.getLong("ms")));
    }

    private static ServerConfig.Cluster.Join join(JsonObject cluster) {
        return ServerConfig.Cluster.Join.valueOf(cluster.getString("join").toUpperCase(Locale.ROOT));
    }

    private static List<String> peers(JsonObject cluster) {
        return cluster.getJsonArray("peers").stream().map(Object::toString).toList();
    }

    private static int members(JsonObject cluster) {
        int named = cluster.getInteger("members");
        return named > 0 ? named : Set.copyOf(peers(cluster)).size();
    }
}
