package io.broadcastsocket.hub;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.Command;
import io.broadcastsocket.stats.WorkerStats;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The subscribers of one event loop, and the fan-out to them.
 *
 * <p>Event loop only. Publications move the heads of their feeds; one <em>pass</em> at the end of the loop's tasks writes
 * to each socket what lies between its cursors and the heads, so the more comes in during a pass, the more leaves with one
 * write in the next.
 */
public final class HubShard {
    private final Broker broker;
    private final Broker.Listener listener;
    private final ChannelRules rules;
    private final HubLimits limits;
    private final Loop loop;
    private final InstantSource clock;
    private final WorkerStats stats;
    private final HistoryReader reader;
    private final Joins joins;

    private final Map<String, ChannelFeed> feeds = new HashMap<>();
    private List<ChannelFeed> dirty = new ArrayList<>();
    private List<Subscriber> toResume = new ArrayList<>();
    private final List<Subscriber> toFlush = new ArrayList<>();
    private final List<Subscriber> toRetry = new ArrayList<>();
    private final Set<Subscriber> stalled = new LinkedHashSet<>();
    private Iterator<String> unaudited = List.<String>of().iterator();
    private boolean passScheduled;
    private boolean flushAtOnce;

    /** @param listener hands announcements to {@link #announced} on the loop */
    public HubShard(
            Broker broker,
            Broker.Listener listener,
            ChannelRules rules,
            HubLimits limits,
            Loop loop,
            InstantSource clock,
            WorkerStats stats) {
        this.broker = broker;
        this.listener = listener;
        this.rules = rules;
        this.limits = limits;
        this.loop = loop;
        this.clock = clock;
        this.stats = stats;
        this.reader = new HistoryReader(broker, stats);
        this.joins = new Joins(reader);
    }

    /** Adds an outlet, without subscriptions. */
    public Subscriber register(Outlet outlet) {
        assert loop.isCurrent();
        return new Subscriber(outlet);
    }

    /** Ends all subscriptions of an outlet that is gone. */
    public void unregister(Subscriber subscriber) {
        assert loop.isCurrent();
        while (subscriber.size() > 0) {
            leave(subscriber.get(0));
        }
        stalled.remove(subscriber);
        subscriber.stalledSince = 0;
    }

    /** Decides where a subscription begins. Nothing is delivered before {@link #open}. */
    public Future<Joined> join(Subscriber subscriber, String channel, Command.Start start) {
        assert loop.isCurrent();
        ChannelFeed feed = feeds.get(channel);
        if (feed == null) {
            feed = new ChannelFeed(this, channel, rules.of(channel).slowConsumer());
            feeds.put(channel, feed);
            feed.attachedBy(broker.attach(channel, listener));
        }
        ChannelFeed joined = feed;
        feed.joining++;
        return feed.attached()
                .compose(attached -> joins.decide(subscriber, joined, start))
                .onFailure(failure -> abandon(joined));
    }

    /** Begins delivery in place of the subscription to this channel that there may be already. */
    public void replace(Joined joined) {
        Subscription earlier = joined.subscriber().find(joined.channel());
        if (earlier != null) {
            leave(earlier);
        }
        open(joined);
    }

    /** Begins delivery. Does nothing when the subscriber has got a subscription to this channel meanwhile. */
    public void open(Joined joined) {
        assert loop.isCurrent();
        ChannelFeed feed = joined.feed();
        feed.joining--;
        if (joined.subscriber().find(feed.channel()) != null) {
            return;
        }
        long next = joined.position().offset() + 1;
        Subscription subscription = new Subscription(feed, joined.subscriber(), joined.certain(), joined.position());
        joined.gap().ifPresent(gap -> announce(subscription, gap));
        if (!joined.position().sameEpoch(feed.position())) {
            subscription.moveTo(joined.position(), feed.position().offset() + 1);
            announce(subscription, new Gap(feed.channel(), next, next - 1, Gap.Reason.EPOCH, feed.position()));
        }
        joined.subscriber().add(subscription);
        feed.add(subscription);
        countSubscriptions(feed, 1);
        if (subscription.cursor <= feed.head()) {
            resumeSoon(joined.subscriber());
        }
    }

    /** Gives up a subscription that was decided on but not opened. */
    public void abandon(Joined joined) {
        abandon(joined.feed());
    }

    /** Ends a subscription. */
    public void leave(Subscription subscription) {
        assert loop.isCurrent();
        subscription.subscriber.remove(subscription);
        subscription.feed.remove(subscription);
        countSubscriptions(subscription.feed, -1);
        forgetIfUnused(subscription.feed);
    }

    /** Takes an announcement of the broker. */
    public void announced(Publication publication) {
        assert loop.isCurrent();
        ChannelFeed feed = feeds.get(publication.channel());
        if (feed != null) {
            feed.announced(publication);
        }
    }

    /** The broker says where the log is, and that announcements may have got lost. */
    public void moved(String channel, Position top) {
        assert loop.isCurrent();
        ChannelFeed feed = feeds.get(channel);
        if (feed != null) {
            feed.moved(top);
        }
    }

    /** The outlet takes nothing more, whatever was written to it: its time for slow consumers begins. */
    public void stalled(Subscriber subscriber) {
        if (subscriber.stalledSince == 0) {
            subscriber.stalledSince = clock.millis();
            stalled.add(subscriber);
        }
    }

    /** The outlet takes messages again. */
    public void writable(Subscriber subscriber) {
        if (subscriber.stalledSince != 0) {
            resumeSoon(subscriber);
        }
    }

    /**
     * Housekeeping, once a second: closes those that stalled for too long, tries reads that failed again, and compares the
     * tops of a fifth of the channels with the log, so that a lost announcement is noticed within ten seconds even when
     * nothing follows it.
     */
    public void audit() {
        assert loop.isCurrent();
        toRetry.forEach(this::resumeSoon);
        toRetry.clear();
        closeStalled();
        if (!unaudited.hasNext()) {
            unaudited = List.copyOf(feeds.keySet()).iterator();
        }
        List<String> some = new ArrayList<>();
        for (int i = feeds.size() / 5; i >= 0 && unaudited.hasNext(); i--) {
            some.add(unaudited.next());
        }
        if (!some.isEmpty()) {
            broker.tops(some)
                    .onSuccess(tops -> tops.forEach((channel, top) -> {
                        ChannelFeed feed = feeds.get(channel);
                        if (feed != null) {
                            feed.compare(top);
                        }
                    }));
        }
    }

    /** Number of subscribers of each channel; the server's own channels left out. */
    public Map<String, Integer> subscribersByChannel() {
        assert loop.isCurrent();
        Map<String, Integer> sizes = new HashMap<>();
        feeds.forEach((channel, feed) -> {
            if (feed.counts()) {
                sizes.put(channel, feed.size());
            }
        });
        return sizes;
    }

    // For the feeds

    HubLimits limits() {
        return limits;
    }

    HistoryReader reader() {
        return reader;
    }

    void dirty(ChannelFeed feed) {
        if (!feed.dirty) {
            feed.dirty = true;
            dirty.add(feed);
            schedulePass();
        }
    }

    void resumeSoon(Subscriber subscriber) {
        if (!subscriber.toResume) {
            subscriber.toResume = true;
            toResume.add(subscriber);
            schedulePass();
        }
    }

    void retryLater(Subscriber subscriber) {
        toRetry.add(subscriber);
    }

    void delivered(ChannelFeed feed, long publications, long bytes) {
        if (feed.counts()) {
            stats.delivered.add(publications);
            stats.deliveredBytes.add(bytes);
        }
    }

    /** Whether what is written now can also be flushed, because nothing else will be written to the same sockets. */
    boolean flushesAtOnce() {
        return flushAtOnce;
    }

    void flushSoon(Subscriber subscriber) {
        if (flushAtOnce) {
            subscriber.outlet.flush();
        } else if (!subscriber.toFlush) {
            subscriber.toFlush = true;
            toFlush.add(subscriber);
            schedulePass();
        }
    }

    void announce(Subscription subscription, Gap gap) {
        stats.gaps.increment();
        subscription.subscriber.outlet.announce(gap);
        flushSoon(subscription.subscriber);
    }

    private void schedulePass() {
        if (!passScheduled) {
            passScheduled = true;
            loop.execute(this::pass);
        }
    }

    /** Writes everything that is due. A socket that several feeds write to is flushed once, at the end. */
    private void pass() {
        passScheduled = false;
        List<ChannelFeed> feedsNow = dirty;
        List<Subscriber> resumedNow = toResume;
        dirty = new ArrayList<>();
        toResume = new ArrayList<>();
        flushAtOnce = feedsNow.size() == 1 && resumedNow.isEmpty() && toFlush.isEmpty();
        for (ChannelFeed feed : feedsNow) {
            feed.dirty = false;
            feed.writeAll();
        }
        flushAtOnce = false;
        for (Subscriber subscriber : resumedNow) {
            resume(subscriber);
        }
        for (Subscriber subscriber : toFlush) {
            subscriber.toFlush = false;
            subscriber.outlet.flush();
        }
        toFlush.clear();
    }

    private void resume(Subscriber subscriber) {
        subscriber.toResume = false;
        boolean wasStalled = subscriber.stalledSince != 0;
        if (wasStalled && subscriber.outlet.isWritable()) {
            subscriber.stalledSince = 0;
            stalled.remove(subscriber);
        }
        for (int i = 0; i < subscriber.size(); i++) {
            Subscription subscription = subscriber.get(i);
            if (wasStalled && subscriber.stalledSince == 0) {
                subscription.feed.recover(subscription);
            }
            subscription.feed.writeTo(subscription);
        }
    }

    private void closeStalled() {
        long limit = clock.millis() - limits.stalledMs();
        for (Subscriber subscriber : List.copyOf(stalled)) {
            if (subscriber.stalledSince != 0 && subscriber.stalledSince < limit) {
                stats.slowConsumers.increment();
                subscriber.outlet.tooSlow();
            }
        }
    }

    private void countSubscriptions(ChannelFeed feed, int more) {
        if (feed.counts()) {
            stats.subscriptions.add(more);
        }
    }

    private void abandon(ChannelFeed feed) {
        feed.joining--;
        forgetIfUnused(feed);
    }

    private void forgetIfUnused(ChannelFeed feed) {
        if (feed.isUnused() && feeds.remove(feed.channel(), feed)) {
            feed.close();
            broker.detach(feed.channel(), listener);
        }
    }
}
