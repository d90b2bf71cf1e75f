package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.BrokerStatus;
import io.broadcastsocket.broker.Crossing;
import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log in Redis: nodes that share nothing but Redis are one service.
 *
 * <p>Thread-safe: everything is done on the bridge's event loop. Each channel is a Redis stream with its position beside it,
 * changed by one script; the same script announces by pub/sub.
 */
final class RedisBroker implements Broker, RedisLink.Events {
    private static final long EXPIRE_MS = 100;
    private static final long TIDY_MS = 1000;

    private final RedisSettings settings;
    private final ChannelRules rules;
    private final Crossing crossing;
    private final Inbox inbox;
    private final Ingest ingest;
    private final CensusWriter census;
    private final RedisPresenceStore presence;

    private final Tainted tainted = new Tainted();

    // Set once in open()
    private Links links;
    private AppendQueue queue;
    private Announcements announcements;
    private LogReader reader;
    private Positions positions;

    RedisBroker(
            RedisSettings settings,
            ChannelRules rules,
            Crossing crossing,
            Inbox inbox,
            Ingest ingest,
            CensusWriter census,
            RedisPresenceStore presence) {
        this.settings = settings;
        this.rules = rules;
        this.crossing = crossing;
        this.inbox = inbox;
        this.ingest = ingest;
        this.census = census;
        this.presence = presence;
    }

    /** On the bridge's event loop, once. */
    Links open(Vertx vertx) {
        Keys keys = new Keys(settings.prefix());
        Epochs epochs = new Epochs(settings.nodeId());
        Map<String, ChannelState> channels = new HashMap<>();
        links = new Links(vertx, settings, epochs, this, this::linksChanged);
        positions = new Positions(vertx, links, keys, epochs, tainted);
        LogArguments log = new LogArguments(settings, rules, epochs);
        queue = new AppendQueue(links, settings, log, tainted);
        presence.open(vertx, links, log);
        announcements = new Announcements(vertx, links, settings, keys, positions, channels);
        reader = new LogReader(links, keys, epochs, rules, channels);
        vertx.setPeriodic(EXPIRE_MS, timer -> queue.expire());
        vertx.setPeriodic(TIDY_MS, timer -> {
            announcements.expire();
            reader.expire();
            tainted.expire(System.nanoTime());
        });
        links.open();
        return links;
    }

    @Override
    public Future<Accepted> append(Draft draft) {
        return crossing.call(() -> queue.append(draft));
    }

    @Override
    public Future<ReadResult> read(String channel, Position after, int limit) {
        return crossing.call(() -> reader.read(channel, after, limit));
    }

    @Override
    public Future<Map<String, Position>> tops(Collection<String> channels) {
        return crossing.call(() -> {
            Map<String, Future<Position>> asked = new LinkedHashMap<>();
            channels.forEach(channel -> asked.put(channel, positions.of(channel)));
            return Future.join(List.copyOf(asked.values())).transform(all -> had(asked, all.cause()));
        });
    }

    /** Those that could be had; one channel whose keys are not ours must not take the others along. */
    private static Future<Map<String, Position>> had(Map<String, Future<Position>> asked, Throwable failure) {
        Map<String, Position> tops = new HashMap<>();
        asked.forEach((channel, top) -> {
            if (top.succeeded()) {
                tops.put(channel, top.result());
            }
        });
        return tops.isEmpty() && failure != null ? Future.failedFuture(failure) : Future.succeededFuture(tops);
    }

    @Override
    public Future<Position> attach(String channel, Listener listener) {
        return crossing.call(() -> announcements.attach(channel, listener));
    }

    @Override
    public void detach(String channel, Listener listener) {
        crossing.run(() -> announcements.detach(channel, listener));
    }

    @Override
    public BrokerStatus status() {
        if (!crossing.isOpen()) {
            return new BrokerStatus("redis", Optional.of("the bridge to Redis has not started"), Map.of());
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.putAll(queue.backlog().counters());
        counters.put("linkLosses", links.losses());
        counters.put("channelsSubscribed", announcements.subscribed());
        counters.put("announcementsReceived", announcements.received());
        counters.put("announcementsMalformed", announcements.malformed());
        counters.putAll(ingest.counters());
        return new BrokerStatus(
                "redis",
                links.problem().or(() -> Optional.ofNullable(queue.refusal())),
                ingest.problem().or(tainted::problem).or(presence::problem).or(census::problem),
                counters);
    }

    // What happens to links, on the bridge's event loop

    @Override
    public void message(String channel, byte[] payload) {
        if (!inbox.takes(channel, payload)) {
            announcements.message(channel, payload);
        }
    }

    @Override
    public void subscribed(RedisLink link, String channel) {
        announcements.subscribed(link, channel);
    }

    @Override
    public void slotsMoved(RedisLink link) {
        links.heal();
    }

    @Override
    public void emptied(RedisLink link) {
        announcements.emptied(link);
        presence.emptied(link);
    }

    @Override
    public void lost(RedisLink link, String reason) {
        announcements.lost(link);
        links.lost(link, reason);
    }

    private void linksChanged() {
        announcements.subscribeAll();
        inbox.linksChanged();
        queue.wake();
    }
}
