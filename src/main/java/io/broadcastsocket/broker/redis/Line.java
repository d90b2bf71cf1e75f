package io.broadcastsocket.broker.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
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
    /** Most requests under way at once: the client sets memory aside for so many on each connection. */
    static final int WINDOW = 4096;

    private record Unsent(Request request, Promise<Response> answer) {}

    private final Redis client;
    private final RedisConnection connection;
    private final Set<Promise<Response>> unanswered = new LinkedHashSet<>();
    private final Deque<Unsent> unsent = new ArrayDeque<>();
    private int underWay;
    private boolean writing;
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
        if (underWay < WINDOW && unsent.isEmpty()) {
            write(request, answer);
        } else {
            unsent.add(new Unsent(request, answer));
        }
        return answer.future();
    }

    /** Sends a command with many arguments as several, each with at most so many of them. */
    Future<Void> sendInParts(Command command, Collection<String> arguments, int most) {
        List<String> all = List.copyOf(arguments);
        List<Future<Response>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            Request request = Request.cmd(command);
            all.subList(from, Math.min(all.size(), from + most)).forEach(request::arg);
            parts.add(send(request));
        }
        return Future.all(parts).mapEmpty();
    }

    /** Not from within itself: writing may fail at once, and then there would be a call on the stack for each. */
    private void writeMore() {
        if (!writing) {
            writing = true;
            while (underWay < WINDOW && !unsent.isEmpty()) {
                Unsent next = unsent.poll();
                write(next.request(), next.answer());
            }
            writing = false;
        }
    }

    private void write(Request request, Promise<Response> answer) {
        underWay++;
        connection
                .send(request)
                .onComplete(
                        response -> answered(answer, response), failure -> failed(answer, RedisFailure.of(failure)));
    }

    private void answered(Promise<Response> answer, Response response) {
        underWay--;
        writeMore();
        if (unanswered.remove(answer)) {
            answer.complete(response);
        }
    }

    /** The client fails what it has not answered before it says that the connection is gone. */
    private void failed(Promise<Response> answer, RedisFailure failure) {
        underWay--;
        if (failure.kind() == RedisFailure.Kind.LOST) {
            lost(failure.getMessage());
            return;
        }
        writeMore();
        if (unanswered.remove(answer)) {
            answer.fail(failure);
        }
    }

    /** Whether a request is unanswered. */
    boolean isBusy() {
        return !unanswered.isEmpty();
    }

    void close() {
        end("the connection was given up", reason -> {});
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
        unsent.clear();
        left.forEach(answer -> answer.fail(RedisFailure.lost(reason)));
    }
}
