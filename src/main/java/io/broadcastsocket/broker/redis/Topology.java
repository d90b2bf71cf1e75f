package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the servers that take the writes: the one named, the one that the sentinels name, or the masters of a cluster.
 *
 * <p>Event loop only. Of several that may be asked, the first that answers is believed.
 */
final class Topology {
    private final Vertx vertx;
    private final RedisSettings settings;
    private final Connector connector;

    /** Masters of the cluster that were found last; they are asked too when the servers of the URL are gone. */
    private final Set<RedisUrl.Endpoint> found = new LinkedHashSet<>();

    Topology(Vertx vertx, RedisSettings settings, Connector connector) {
        this.vertx = vertx;
        this.settings = settings;
        this.connector = connector;
    }

    Future<List<Shard>> resolve() {
        RedisUrl url = settings.url();
        return switch (url.form()) {
            case SINGLE ->
                Future.succeededFuture(List.of(new Shard(url.endpoints().get(0), Shard.ALL_SLOTS)));
            case SENTINEL -> first(url.endpoints(), connector::openSentinel, this::askSentinel);
            case CLUSTER -> {
                Set<RedisUrl.Endpoint> all = new LinkedHashSet<>(url.endpoints());
                all.addAll(found);
                yield first(List.copyOf(all), connector::open, this::askCluster).onSuccess(this::remember);
            }
        };
    }

    private void remember(List<Shard> shards) {
        found.clear();
        shards.forEach(shard -> found.add(shard.master()));
    }

    private <T> Future<T> first(
            List<RedisUrl.Endpoint> endpoints,
            Function<RedisUrl.Endpoint, Future<Line>> open,
            Function<Asked, Future<T>> ask) {
        Future<T> result = Future.failedFuture(RedisFailure.lost("nobody was asked"));
        for (RedisUrl.Endpoint endpoint : endpoints) {
            result = result.recover(before -> open.apply(endpoint)
                    .compose(line -> Deadline.within(vertx, settings.deadlineMs(), ask.apply(new Asked(endpoint, line)))
                            .onComplete(done -> line.close())));
        }
        return result;
    }

    private record Asked(RedisUrl.Endpoint endpoint, Line line) {}

    private Future<List<Shard>> askSentinel(Asked sentinel) {
        String master = settings.url().master();
        Request request =
                Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(master);
        return sentinel.line().send(request).map(address -> {
            if (address == null || address.size() < 2) {
                throw RedisFailure.refused(
                        "the sentinel " + sentinel.endpoint() + " does not know a master \"" + master + "\"");
            }
            RedisUrl.Endpoint endpoint = new RedisUrl.Endpoint(
                    address.get(0).toString(), address.get(1).toInteger());
            return List.of(new Shard(endpoint, Shard.ALL_SLOTS));
        });
    }

    private Future<List<Shard>> askCluster(Asked node) {
        return node.line().send(Request.cmd(Command.CLUSTER).arg("SLOTS")).map(answer -> shards(node, answer));
    }

    private static List<Shard> shards(Asked node, Response answer) {
        Map<RedisUrl.Endpoint, List<Shard.SlotRange>> slots = new LinkedHashMap<>();
        for (Response range : answer) {
            Response master = range.get(2);
            String host = master.get(0) == null ? "" : master.get(0).toString();
            RedisUrl.Endpoint endpoint = new RedisUrl.Endpoint(
                    host.isEmpty() ? node.endpoint().host() : host,
                    master.get(1).toInteger());
            slots.computeIfAbsent(endpoint, fresh -> new ArrayList<>())
                    .add(new Shard.SlotRange(
                            range.get(0).toInteger(), range.get(1).toInteger()));
        }
        if (slots.isEmpty()) {
            throw RedisFailure.lost("the cluster of " + node.endpoint() + " has not given out its slots");
        }
        List<Shard> shards = new ArrayList<>();
        slots.forEach((endpoint, ranges) -> shards.add(new Shard(endpoint, ranges)));
        return shards;
    }
}
