package io.broadcastsocket.verify.load;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.verify.wire.Wires;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * Publishes by {@code POST /broadcast} to one node.
 *
 * <p>Event loop only. A node that cannot be reached is left alone for a moment.
 */
final class HttpSender implements Sender {
    private static final long AGAIN_MS = 300;
    private static final long TIMEOUT_MS = 60_000;

    private final Wires wires;
    private final URI base;
    private final Optional<String> key;
    private final Answers answers;
    private long notBefore;

    HttpSender(Wires wires, URI base, Optional<String> key, Answers answers) {
        this.wires = wires;
        this.base = base;
        this.key = key;
        this.answers = answers;
    }

    @Override
    public void start() {
        // Each request finds or makes its connection.
    }

    @Override
    public boolean isReady() {
        return System.nanoTime() >= notBefore;
    }

    @Override
    public void send(Publication publication) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(base.resolve(Wires.path(base, "/broadcast")).toString())
                .setTimeout(TIMEOUT_MS)
                .putHeader("Content-Type", "application/json");
        key.ifPresent(secret -> options.putHeader("Authorization", "Bearer " + secret));
        String body = new JsonObject()
                .put("channel", publication.channel)
                .put("messageId", publication.id)
                .put("data", publication.data)
                .encode();
        wires.http()
                .request(options)
                .compose(request -> request.send(body))
                .compose(response -> response.body()
                        .onSuccess(answer -> answered(publication, response.statusCode(), answer.toString())))
                .onFailure(gone -> {
                    notBefore = System.nanoTime() + AGAIN_MS * 1_000_000;
                    answers.refused(publication.id, 0, gone.getMessage());
                });
    }

    @Override
    public void close() {
        // Requests under way end by themselves.
    }

    @Override
    public String toString() {
        return "HTTP to " + base;
    }

    private void answered(Publication publication, int status, String body) {
        JsonObject answer;
        try {
            answer = new JsonObject(body);
        } catch (DecodeException notJson) {
            answer = new JsonObject();
        }
        if (status == 200 && answer.containsKey("offset")) {
            answers.acknowledged(
                    publication.id,
                    new Position(answer.getString("epoch"), answer.getLong("offset")),
                    answer.getBoolean("duplicate", false));
        } else if (status == 429 || status >= 500) {
            answers.refused(publication.id, answer.getLong("retryAfterMs", AGAIN_MS), "status " + status);
        } else {
            String why = answer.getString("detail", answer.getString("title", "no reason"));
            answers.denied(this, "POST /broadcast at " + base + " was answered with " + status + ": " + why);
        }
    }
}
