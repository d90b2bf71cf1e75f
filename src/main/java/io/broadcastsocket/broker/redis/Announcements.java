package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node is subscribed to in Redis, for all its workers together: channels with local subscribers, and for a while
 * those that had some, so that a page that reloads changes nothing.
 *
 * <p>Event loop only, except for the counters. After each subscription on another link the tops are compared, since
 * announcements may have been lost.
 */
final class Announcements {
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;
    private static final Logger log = LoggerFactory.getLogger(Announcements.class);

    private final Vertx vertx;
    private final Links links;
    private final RedisSettings settings;
    private final Keys keys;
    private final Positions positions;
    private final Map<String, ChannelState> channels;
    private final List<ChannelState> toSubscribe = new ArrayList<>();
    private final AtomicInteger subscribed = new AtomicInteger();
    private final LongAdder received = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private long loggedAt = System.nanoTime() - LOG_EVERY_NANOS;

    Announcements(
            Vertx vertx,
            Links links,
            RedisSettings settings,
            Keys keys,
            Positions positions,
            Map<String, ChannelState> channels) {
        this.vertx = vertx;
        this.links = links;
        this.settings = settings;
        this.keys = keys;
        this.positions = positions;
        this.channels = channels;
    }

    Future<Position> attach(String channel, Broker.Listener listener) {
        ChannelState state = channels.computeIfAbsent(channel, ChannelState::new);
        subscribed.set(channels.size());
        if (!state.listeners.contains(listener)) {
            state.listeners.add(listener);
        }
        subscribeSoon(state);
        return Deadline.within(vertx, settings.waitMs(), state.confirmed().future())
                .recover(late -> Future.failedFuture(
                        Links.unavailable(links.problem().orElse("Redis does not confirm a subscription"), late)))
                .compose(confirmed -> positions.of(channel))
                .onFailure(failure -> detach(channel, listener));
    }

    void detach(String channel, Broker.Listener listener) {
        ChannelState state = channels.get(channel);
        if (state != null && state.listeners.remove(listener) && state.listeners.isEmpty()) {
            state.idleSince = System.nanoTime();
        }
    }

    /** Takes what came on a pub/sub channel. */
    void message(String pubSubChannel, byte[] payload) {
        String channel = keys.channelOf(pubSubChannel);
        ChannelState state = channel == null ? null : channels.get(channel);
        if (state == null) {
            return;
        }
        Publication publication = Envelope.decode(channel, payload);
        if (publication == null) {
            malformed.increment();
            warn(pubSubChannel, payload.length);
            return;
        }
        received.increment();
        if (state.window != null) {
            state.window.announced(publication);
        }
        for (int i = 0; i < state.listeners.size(); i++) {
            state.listeners.get(i).announced(publication);
        }
    }

    void subscribed(RedisLink link, String pubSubChannel) {
        String channel = keys.channelOf(pubSubChannel);
        ChannelState state = channel == null ? null : channels.get(channel);
        if (state != null) {
            state.confirmedOn(link);
        }
    }

    /** Links have come or their slots have changed: subscribes every channel where it belongs. */
    void subscribeAll() {
        channels.values().forEach(this::subscribeSoon);
    }

    /** A link is gone: what was subscribed there is not. */
    void lost(RedisLink link) {
        for (ChannelState state : channels.values()) {
            if (state.link() == link) {
                state.lost();
            }
        }
    }

    /** The data of a link's server are gone: everybody has to know at once. */
    void emptied(RedisLink link) {
        channels.values().stream().filter(state -> state.link() == link).forEach(this::compare);
    }

    /** Ends the subscriptions that nobody has needed for long; call regularly. */
    void expire() {
        long oldest = System.nanoTime() - settings.lingerMs() * 1_000_000;
        Map<RedisLink, List<String>> over = new HashMap<>();
        for (Iterator<ChannelState> all = channels.values().iterator(); all.hasNext(); ) {
            ChannelState state = all.next();
            if (state.listeners.isEmpty() && state.idleSince - oldest <= 0) {
                all.remove();
                if (state.link() != null) {
                    over.computeIfAbsent(state.link(), link -> new ArrayList<>())
                            .add(keys.announcements(state.name));
                }
            }
        }
        over.forEach(RedisLink::unsubscribeAnnouncements);
        subscribed.set(channels.size());
    }

    /** Channels subscribed to; any thread. */
    long subscribed() {
        return subscribed.get();
    }

    /** Announcements that came; any thread. */
    long received() {
        return received.sum();
    }

    /** Payloads of others on our channels; any thread. */
    long malformed() {
        return malformed.sum();
    }

    private void subscribeSoon(ChannelState state) {
        RedisLink link = links.find(links.slot(state.name));
        if (link == null || state.link() == link) {
            return;
        }
        if (state.link() != null && state.link().isUp()) {
            state.link().unsubscribeAnnouncements(List.of(keys.announcements(state.name)));
        }
        boolean again = state.wasConfirmed();
        state.askedOn(link);
        if (again) {
            state.confirmed().future().onSuccess(confirmed -> compare(state));
        }
        if (toSubscribe.isEmpty()) {
            vertx.runOnContext(tick -> subscribe());
        }
        toSubscribe.add(state);
    }

    private void subscribe() {
        Map<RedisLink, List<String>> asked = new HashMap<>();
        for (ChannelState state : toSubscribe) {
            if (state.link() != null && state.link().isUp()) {
                asked.computeIfAbsent(state.link(), link -> new ArrayList<>()).add(keys.announcements(state.name));
            }
        }
        toSubscribe.clear();
        asked.forEach(RedisLink::subscribeAnnouncements);
    }

    /** Tells the listeners where the log is. */
    private void compare(ChannelState state) {
        state.forget();
        positions
                .of(state.name)
                .onSuccess(top -> {
                    for (Broker.Listener listener : List.copyOf(state.listeners)) {
                        listener.moved(state.name, top);
                    }
                })
                .onFailure(failure -> log.debug("tops could not be compared channel={}", state.name, failure));
    }

    private void warn(String channel, int bytes) {
        if (System.nanoTime() - loggedAt >= LOG_EVERY_NANOS) {
            loggedAt = System.nanoTime();
            log.warn("a payload on a channel of ours is not ours channel={} bytes={}", channel, bytes);
        }
    }
}
