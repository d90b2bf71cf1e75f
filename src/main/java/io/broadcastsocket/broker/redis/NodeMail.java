package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What nodes tell each other through Redis: that a client has come back elsewhere, and its session is wanted there.
 *
 * <p>Event loop only. A message may get lost; whoever asks waits a moment and then goes on without the answer.
 */
final class NodeMail implements Inbox {
    private static final long ANSWER_MS = 1000;
    private static final long RETRY_AFTER_MS = 1000;
    private static final String SURRENDER = "surrender";
    private static final String SURRENDERED = "surrendered";

    private final RedisSettings settings;
    private final Keys keys;
    private final Map<String, Promise<Void>> asked = new HashMap<>();

    // Set once in open()
    private Vertx vertx;
    private Links links;
    private BiFunction<String, String, Future<Void>> settled;
    private Function<SessionTurn, Future<Void>> surrender;

    private RedisLink subscribedOn;
    private long questions;

    NodeMail(RedisSettings settings) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
    }

    /**
     * @param settledSession completes when this node can be asked for a session, which it may have by an attempt
     * @param surrenderSession saves a session and ends its connection, if this node has it
     */
    void open(
            Vertx owner,
            Links opened,
            BiFunction<String, String, Future<Void>> settledSession,
            Function<SessionTurn, Future<Void>> surrenderSession) {
        settled = settledSession;
        vertx = owner;
        links = opened;
        surrender = surrenderSession;
    }

    /** Asks a node to save a session that it has; completes when it has done so or is dead, and fails when it does not answer. */
    Future<Void> askToSurrender(String node, SessionTurn wanted, String attempt) {
        if (node.equals(settings.nodeId())) {
            return settled.apply(wanted.name(), attempt).compose(done -> saveAway(wanted));
        }
        String question = Long.toString(++questions, 36);
        Promise<Void> answered = Promise.promise();
        asked.put(question, answered);
        return send(
                        node,
                        String.join(
                                " ",
                                SURRENDER,
                                settings.nodeId(),
                                question,
                                wanted.name(),
                                Long.toString(wanted.turn()),
                                attempt))
                .compose(receivers -> receivers == 0
                        ? Future.<Void>succeededFuture()
                        : Deadline.within(vertx, ANSWER_MS, answered.future()))
                .recover(failure -> Future.failedFuture(new BrokerUnavailable(
                        "node " + node + " does not give a session away", RETRY_AFTER_MS, failure)))
                .onComplete(done -> asked.remove(question));
    }

    /** Saves a session that this node has, and ends its connection. */
    Future<Void> saveAway(SessionTurn wanted) {
        return surrender.apply(wanted);
    }

    @Override
    public boolean takes(String channel, byte[] payload) {
        if (!channel.equals(keys.node(settings.nodeId()))) {
            return false;
        }
        String[] words = new String(payload, StandardCharsets.UTF_8).split(" ", -1);
        if (words.length == 6 && words[0].equals(SURRENDER)) {
            settled.apply(words[3], words[5])
                    .compose(done -> saveAway(new SessionTurn(words[3], Long.parseLong(words[4]))))
                    .onComplete(done -> send(words[1], SURRENDERED + " " + words[2]));
        } else if (words.length == 2 && words[0].equals(SURRENDERED) && asked.containsKey(words[1])) {
            asked.get(words[1]).tryComplete();
        }
        return true;
    }

    @Override
    public void linksChanged() {
        String own = keys.node(settings.nodeId());
        RedisLink link = links == null ? null : links.find(links.slot(own));
        if (link != null && link != subscribedOn) {
            subscribedOn = link;
            link.subscribe(List.of(own));
        }
    }

    /** Gives the number of subscriptions that it reached; a cluster knows only those of one server. */
    private Future<Integer> send(String node, String text) {
        String channel = keys.node(node);
        return links.call(
                        channel,
                        link -> link.send(
                                Request.cmd(Command.PUBLISH).arg(channel).arg(text)))
                .map(receivers -> receivers.toInteger());
    }
}
