package io.broadcastsocket.broker.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clustered event bus between nodes: one address for each node, publications as bytes, questions and answers as JSON.
 *
 * <p>Event loop only. There is one address per node and not one per channel, since the cluster keeps a row for each address
 * and puts all of them again whenever a member is lost. Whatever is sent may get lost.
 */
final class PeerBus {
    private static final String ADDRESS = "broadcast.node.";
    private static final String QUESTION = "ask";
    private static final String ASKER = "from";
    private static final Logger log = LoggerFactory.getLogger(PeerBus.class);

    /** Each may take a second, in which a copy has to confirm. */
    private static final int TRIES = 10;

    private static final long PAUSE_MS = 500;

    private final Vertx vertx;
    private final String nodeId;
    private final Map<String, Function<JsonObject, Future<JsonObject>>> answers = new HashMap<>();
    private Consumer<Buffer> received = buffer -> {};

    PeerBus(Vertx vertx, String nodeId) {
        this.vertx = vertx;
        this.nodeId = nodeId;
    }

    /** Answers a question of other nodes; before {@link #open}. The asker's id is in {@link #asker}. */
    void answer(String question, Function<JsonObject, Future<JsonObject>> answer) {
        answers.put(question, answer);
    }

    /** Takes publications of other nodes; before {@link #open}. */
    void receive(Consumer<Buffer> publications) {
        received = publications;
    }

    /** Completes when other nodes can reach this one. What the members did not confirm, since one has just died, is tried again. */
    Future<Void> open() {
        return open(TRIES);
    }

    private Future<Void> open(int tries) {
        MessageConsumer<Object> consumer = vertx.eventBus().consumer(ADDRESS + nodeId, this::handle);
        return consumer.completion()
                .recover(failure -> tries == 1
                        ? Future.failedFuture(failure)
                        : consumer.unregister()
                                .otherwiseEmpty()
                                .compose(gone -> vertx.timer(PAUSE_MS))
                                .compose(later -> open(tries - 1)));
    }

    /** Id of the node that has asked a question. */
    static String asker(JsonObject question) {
        return question.getString(ASKER, "");
    }

    void send(String node, Buffer publications) {
        vertx.eventBus().send(ADDRESS + node, publications);
    }

    /** Asks a node; fails when no answer comes in time. */
    Future<JsonObject> ask(String node, String question, JsonObject details, long timeoutMs) {
        JsonObject asked = details.put(QUESTION, question).put(ASKER, nodeId);
        return vertx.eventBus()
                .<JsonObject>request(ADDRESS + node, asked, new DeliveryOptions().setSendTimeout(timeoutMs))
                .map(Message::body);
    }

    private void handle(Message<Object> message) {
        if (message.body() instanceof Buffer publications) {
            received.accept(publications);
        } else if (message.body() instanceof JsonObject question) {
            Function<JsonObject, Future<JsonObject>> answer = answers.get(question.getString(QUESTION, ""));
            if (answer != null) {
                Future.succeededFuture(question)
                        .compose(answer)
                        .onSuccess(message::reply)
                        .onFailure(failure -> refuse(message, question, failure));
            }
        }
    }

    private static void refuse(Message<Object> message, JsonObject question, Throwable failure) {
        log.debug("a node's question has no answer ask={}", question.getString(QUESTION), failure);
        message.fail(0, "no answer");
    }
}
