package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One connection to a Redis server, which ends once and then fails everything that it has not answered.
 *
 * <p>Event loop only. Answers come in the order of the requests.
 */
final class Line {
    private final Redis client;
    private final RedisConnection connection;
    private final Set<Promise<Response>> unanswered = new LinkedHashSet<>();
    private Consumer<String> onLost = reason -> {};
    private boolean closed;

    Line(Redis client, RedisConnection connection) {
        this.client = client;
        this.connection = connection;
        // With assertions on, a reset reaches only the one handler, and without them both.
        connection.exceptionHandler(failure -> lost(RedisFailure.of(failure).getMessage()));
        connection.endHandler(end -> lost("the server closed the connection"));
    }

    /** Called once, when the connection ends by itself. */
    void onLost(Consumer<String> handler) {
        onLost = handler;
    }

    /** Receives what the server sends unasked. */
    void onMessage(Consumer<Response> handler) {
        connection.handler(message -> {
            if (message != null && !closed) {
                handler.accept(message);
            }
        });
    }

    /** Sends a command; fails with a {@link RedisFailure}. */
    Future<Response> send(Request request) {
        if (closed) {
            return Future.failedFuture(RedisFailure.lost("the connection is closed"));
        }
        Promise<Response> answer = Promise.promise();
        unanswered.add(answer);
        connection
                .send(request)
                .onComplete(
                        response -> {
                            if (unanswered.remove(answer)) {
                                answer.complete(response);
                            }
                        },
                        failure -> failed(answer, RedisFailure.of(failure)));
        return answer.future();
    }

    /** Whether a request is unanswered. */
    boolean isBusy() {
        return !unanswered.isEmpty();
    }

    void close() {
        end("the connection was given up", reason -> {});
    }

    /** The client fails what it has not answered before it says that the connection is gone. */
    private void failed(Promise<Response> answer, RedisFailure failure) {
        if (failure.kind() == RedisFailure.Kind.LOST) {
            lost(failure.getMessage());
        } else if (unanswered.remove(answer)) {
            answer.fail(failure);
        }
    }

    private void lost(String reason) {
        end(reason, onLost);
    }

    /** Tells of the end before the requests fail, so that nobody sends them here again. */
    private void end(String reason, Consumer<String> tell) {
        if (closed) {
            return;
        }
        closed = true;
        connection.close();
        client.close();
        tell.accept(reason);
        List<Promise<Response>> left = new ArrayList<>(unanswered);
        unanswered.clear();
        left.forEach(answer -> answer.fail(RedisFailure.lost(reason)));
    }
}
