package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks for the newest positions of channels, those of one tick together.
 *
 * <p>Event loop only.
 */
final class Positions {
    /** How long a stream is kept that has no publication and no subscriber. */
    static final long UNUSED_MS = 600_000;

    private static final int MOST_CHANNELS = 100;

    private record Question(String channel, Promise<Position> promise) {}

    private final Vertx vertx;
    private final Links links;
    private final Keys keys;
    private final Epochs epochs;
    private final Tainted tainted;
    private final Map<Integer, List<Question>> gathered = new HashMap<>();

    Positions(Vertx vertx, Links links, Keys keys, Epochs epochs, Tainted tainted) {
        this.tainted = tainted;
        this.vertx = vertx;
        this.links = links;
        this.keys = keys;
        this.epochs = epochs;
    }

    Future<Position> of(String channel) {
        if (gathered.isEmpty()) {
            vertx.runOnContext(tick -> ask());
        }
        Promise<Position> promise = Promise.promise();
        gathered.computeIfAbsent(links.slot(channel), slot -> new ArrayList<>()).add(new Question(channel, promise));
        return promise.future();
    }

    private void ask() {
        Map<Integer, List<Question>> now = new HashMap<>(gathered);
        gathered.clear();
        for (List<Question> questions : now.values()) {
            for (int from = 0; from < questions.size(); from += MOST_CHANNELS) {
                ask(questions.subList(from, Math.min(questions.size(), from + MOST_CHANNELS)));
            }
        }
    }

    private void ask(List<Question> questions) {
        List<String> names = new ArrayList<>(questions.size() * 2);
        for (Question question : questions) {
            names.add(keys.stream(question.channel()));
            names.add(keys.log(question.channel()));
        }
        links.run(questions.get(0).channel(), Scripts.POSITIONS, names, link ->
                        new Object[] {link.generation(), epochs.next(), UNUSED_MS})
                .onComplete(answer -> answered(questions, answer), failure -> refused(questions, failure));
    }

    private void answered(List<Question> questions, Response answer) {
        for (int i = 0; i < questions.size(); i++) {
            String epoch = answer.get(2 * i).toString();
            long top = Long.parseLong(answer.get(2 * i + 1).toString());
            questions.get(i).promise().complete(new Position(epoch, top));
        }
    }

    /** One channel whose keys are not ours must not take the others along. */
    private void refused(List<Question> questions, Throwable failure) {
        boolean foreign = failure.getCause() instanceof RedisFailure cause && cause.isForeignKey();
        if (foreign && questions.size() > 1) {
            questions.forEach(question -> ask(List.of(question)));
            return;
        }
        if (foreign) {
            tainted.refused(questions.get(0).channel(), failure.getMessage(), System.nanoTime());
        }
        questions.forEach(question -> question.promise().fail(failure));
    }
}
