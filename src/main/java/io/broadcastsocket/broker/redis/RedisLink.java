package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The two connections to one Redis server, for commands and for subscriptions, and the proof that both work: a probe that
 * is published by the one and has to come back by the other.
 *
 * <p>Event loop only. It is opened once and lost once; the next try is another link.
 */
final class RedisLink {
    /** Who is told what happens to a link. */
    interface Events {
        /** A payload came on a pub/sub channel. */
        void message(String channel, byte[] payload);

        /** The server has confirmed a subscription. */
        void subscribed(RedisLink link, String channel);

        /** The server no longer has a slot that it had. */
        void slotsMoved(RedisLink link);

        /** The server's data are gone, while the server stayed. */
        void emptied(RedisLink link);

        /** The link is lost. */
        void lost(RedisLink link, String reason);
    }

    /** Whether the generation that this link knows replaces what another server has left under the tag's key. */
    private enum Takeover {
        NONE,
        DUE
    }

    private static final AtomicLong LINKS = new AtomicLong();
    private static final int CHANNELS_PER_SUBSCRIBE = 256;

    private final Vertx vertx;
    private final RedisSettings settings;
    private final Keys keys;
    private final RedisUrl.Endpoint endpoint;
    private final Epochs epochs;
    private final Events events;
    private final String probeChannel;
    private final Promise<Void> firstProof = Promise.promise();
    private Line commands;
    private Line subscriptions;
    private Future<Void> loading;
    private String generationTag;
    private Takeover takeover = Takeover.NONE;
    private ServerInfo server;
    private String generation = "";
    private String mark = "";
    private boolean heard;
    private long upSince;
    private long provenAt;
    private long probedAt;
    private long timer = -1;
    private boolean over;

    /** @param generationTag hash tag of a slot that this server has */
    RedisLink(
            Vertx vertx,
            RedisSettings settings,
            RedisUrl.Endpoint endpoint,
            String generationTag,
            Epochs epochs,
            Events events) {
        this.vertx = vertx;
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.endpoint = endpoint;
        this.generationTag = generationTag;
        this.epochs = epochs;
        this.events = events;
        this.probeChannel = keys.probe(settings.nodeId() + "." + LINKS.incrementAndGet());
    }

    RedisUrl.Endpoint endpoint() {
        return endpoint;
    }

    String generation() {
        return generation;
    }

    /**
     * The server is known by another slot's tag. All nodes have to look for its generation at the same place: those that
     * disagreed would begin an epoch with each publication.
     */
    void knownBy(String tag) {
        if (!tag.equals(generationTag)) {
            generationTag = tag;
            takeover = Takeover.DUE;
        }
    }

    boolean isUp() {
        return !over && firstProof.future().succeeded();
    }

    /** How long ago it was proven first, nanoseconds. */
    long upNanos() {
        return System.nanoTime() - upSince;
    }

    /** Whether a request is unanswered. */
    boolean isBusy() {
        return isUp() && commands.isBusy();
    }

    /** Whether announcements stay on the server that has the channel. */
    boolean hasShardedPubSub() {
        return settings.url().form() == RedisUrl.Form.CLUSTER && server.hasShardedPubSub();
    }

    /** Connects, checks the server, loads the scripts and waits for the first probe. */
    Future<RedisLink> open(Connector connector) {
        return connector
                .open(endpoint)
                .compose(line -> {
                    commands = take(line);
                    return commands.send(Request.cmd(Command.INFO));
                })
                .compose(info -> {
                    server = ServerInfo.parse(info.toString());
                    server.check(endpoint.toString());
                    return loadScripts();
                })
                .compose(loaded -> connector.open(endpoint))
                .compose(line -> {
                    subscriptions = take(line);
                    subscriptions.onMessage(this::received);
                    return subscriptions.send(Request.cmd(Command.SUBSCRIBE).arg(probeChannel));
                })
                .compose(written -> firstProof.future())
                .timeout(settings.deadlineMs() * 2, TimeUnit.MILLISECONDS)
                .map(this)
                .recover(failure -> {
                    close();
                    return Future.failedFuture(RedisFailure.of(failure).at(endpoint));
                });
    }

    /** Sends a command; fails with a {@link RedisFailure}. */
    Future<Response> send(Request request) {
        return commands.send(request);
    }

    /** Runs a script, loading it again when the server has forgotten it. */
    Future<Response> run(Scripts.Script script, List<String> scriptKeys, Object... arguments) {
        Request request = Scripts.request(script, scriptKeys, arguments);
        return send(request)
                .recover(failure -> RedisFailure.of(failure).kind() == RedisFailure.Kind.NO_SCRIPT
                        ? loadScripts().compose(loaded -> send(request))
                        : Future.failedFuture(failure));
    }

    /** Loads the scripts; whoever asks meanwhile gets the same answer. */
    Future<Void> loadScripts() {
        if (loading == null || loading.isComplete()) {
            loading = sendScripts();
        }
        return loading;
    }

    private Future<Void> sendScripts() {
        List<Future<Response>> loads = Scripts.ALL.stream()
                .map(script -> send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text())))
                .toList();
        return Future.all(loads).mapEmpty();
    }

    /** Subscribes; {@link Events#subscribed} tells when it is in effect. */
    void subscribe(Collection<String> channels) {
        change(channels, Command.SUBSCRIBE, CHANNELS_PER_SUBSCRIBE);
    }

    void unsubscribe(Collection<String> channels) {
        change(channels, Command.UNSUBSCRIBE, CHANNELS_PER_SUBSCRIBE);
    }

    /** Subscribes to announcements of channels that this server has. */
    void subscribeAnnouncements(Collection<String> channels) {
        boolean sharded = hasShardedPubSub();
        change(channels, sharded ? Command.SSUBSCRIBE : Command.SUBSCRIBE, sharded ? 1 : CHANNELS_PER_SUBSCRIBE);
    }

    void unsubscribeAnnouncements(Collection<String> channels) {
        boolean sharded = hasShardedPubSub();
        change(channels, sharded ? Command.SUNSUBSCRIBE : Command.UNSUBSCRIBE, sharded ? 1 : CHANNELS_PER_SUBSCRIBE);
    }

    private void change(Collection<String> channels, Command command, int most) {
        subscriptions.sendInParts(command, channels, most).onFailure(failure -> lose(failure.getMessage()));
    }

    /** Gives up, without telling anybody. */
    void close() {
        over = true;
        vertx.cancelTimer(timer);
        firstProof.tryFail(RedisFailure.lost("the link was closed"));
        if (commands != null) {
            commands.close();
        }
        if (subscriptions != null) {
            subscriptions.close();
        }
    }

    /** Gives up because it does not work. */
    void lose(String reason) {
        if (over) {
            return;
        }
        boolean wasUp = isUp();
        firstProof.tryFail(RedisFailure.lost(reason));
        close();
        if (wasUp) {
            events.lost(this, endpoint + ": " + reason);
        }
    }

    private Line take(Line line) {
        if (over) {
            line.close();
        }
        line.onLost(this::lose);
        return line;
    }

    private void received(Response message) {
        if (message.type() == ResponseType.ERROR) {
            lose("it cannot subscribe: "
                    + RedisFailure.of(new IllegalStateException(message.toString()))
                            .getMessage());
            return;
        }
        String channel = String.valueOf(message.get(1));
        switch (message.get(0).toString()) {
            case "message", "smessage" -> {
                if (channel.equals(probeChannel)) {
                    proven();
                } else {
                    events.message(channel, message.get(2).toBytes());
                }
            }
            case "subscribe", "ssubscribe" -> {
                if (channel.equals(probeChannel)) {
                    beginProbing();
                } else {
                    events.subscribed(this, channel);
                }
            }
            case "sunsubscribe" -> events.slotsMoved(this);
            default -> {}
        }
    }

    // The proof

    private void beginProbing() {
        provenAt = System.nanoTime();
        probedAt = provenAt;
        probe();
        timer = vertx.setPeriodic(settings.probeMs(), tick -> judge());
    }

    /** A probe that is overdue proves nothing when this event loop was itself late to look. */
    private void judge() {
        long now = System.nanoTime();
        boolean late = millis(now - probedAt) > 2 * settings.probeMs();
        probedAt = now;
        if (!late && millis(now - provenAt) > settings.deadlineMs() + settings.probeMs()) {
            lose("a probe did not come back within " + settings.deadlineMs() + " ms");
        } else {
            probe();
        }
    }

    private void probe() {
        send(Request.cmd(Command.PUBLISH).arg(probeChannel).arg("probe"))
                .onFailure(failure -> lose("a probe failed: " + failure.getMessage()));
        String tag = generationTag;
        run(Scripts.GENERATION, List.of(keys.generation(tag)), server.life(), generation, epochs.next(), takeover)
                .onSuccess(answer ->
                        compare(tag, answer.get(0).toString(), answer.get(1).toString()))
                .onFailure(failure -> incomparable(RedisFailure.of(failure)));
    }

    private void compare(String tag, String found, String foundMark) {
        boolean first = generation.isEmpty();
        if (!first && !generation.equals(found)) {
            lose("its data are those of another server");
            return;
        }
        boolean emptied = !first && takeover == Takeover.NONE && !mark.equals(foundMark);
        generation = found;
        mark = foundMark;
        if (tag.equals(generationTag)) {
            takeover = Takeover.NONE;
        }
        if (first) {
            completeFirstProof();
        } else if (emptied) {
            events.emptied(this);
        }
    }

    /** That the tag's slot has moved says nothing against the server. */
    private void incomparable(RedisFailure failure) {
        if (failure.isOfSlot() && isUp()) {
            events.slotsMoved(this);
        } else {
            lose("its generation cannot be read: " + failure.getMessage());
        }
    }

    private void proven() {
        provenAt = System.nanoTime();
        heard = true;
        completeFirstProof();
    }

    private void completeFirstProof() {
        if (heard && !generation.isEmpty() && firstProof.tryComplete()) {
            upSince = System.nanoTime();
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
