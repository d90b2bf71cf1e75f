package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.CommandParser;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.ProtocolException;
import io.broadcastsocket.protocol.PublishRequest;
import io.broadcastsocket.stats.WorkerStats;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /broadcast}: one publication, an array of them, each to one or more channels. */
final class BroadcastRoute {
    private static final Logger log = LoggerFactory.getLogger(BroadcastRoute.class);

    private final Node node;
    private final WorkerStats stats;

    BroadcastRoute(Node node, WorkerStats stats) {
        this.node = node;
        this.stats = stats;
    }

    void mount(Router router, Guard guard) {
        router.post("/broadcast").handler(guard).handler(this::requireJson);
        router.post("/broadcast")
                .handler(BodyHandler.create(false)
                        .setBodyLimit(node.config().api().maxBodyBytes()))
                .handler(this::broadcast);
    }

    /** Anything else could be sent by a foreign web page without asking (CORS, "simple requests"). */
    private void requireJson(RoutingContext context) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            context.next();
        } else {
            Problem.send(context, 415, "unsupported-media-type", "the Content-Type must be application/json");
        }
    }

    private void broadcast(RoutingContext context) {
        byte[] body = context.body().buffer() == null
                ? new byte[0]
                : context.body().buffer().getBytes();
        List<Draft> drafts;
        // Data goes to subscribers as it came, and invalid UTF-8 in a text frame makes them fail the connection.
        if (!ByteBufUtil.isText(Unpooled.wrappedBuffer(body), StandardCharsets.UTF_8)) {
            Problem.send(context, 400, ErrorCode.INVALID_JSON.code(), "the body is not valid UTF-8");
            return;
        }
        try {
            List<PublishRequest> requests =
                    PublishRequest.parse(body, node.config().limits().messageBytes());
            drafts = drafts(requests, idempotencyKey(context));
        } catch (ProtocolException e) {
            Problem.send(context, Problem.status(e.code()), e.code().code(), e.getMessage());
            return;
        }
        List<Future<Accepted>> results = new ArrayList<>(drafts.size());
        drafts.forEach(
                draft -> results.add(node.broker().append(draft).onSuccess(accepted -> stats.published.increment())));
        Future.join(results).onComplete(all -> {
            if (results.size() == 1 && body[firstByte(body)] == '{') {
                answerOne(context, results.get(0));
            } else {
                answerAll(context, drafts, results);
            }
        });
    }

    private static int firstByte(byte[] body) {
        int at = 0;
        while (body[at] <= ' ') {
            at++;
        }
        return at;
    }

    private static String idempotencyKey(RoutingContext context) throws ProtocolException {
        String key = context.request().getHeader("Idempotency-Key");
        if (key != null && (key.isEmpty() || key.length() > CommandParser.MAX_MESSAGE_ID)) {
            throw new ProtocolException(
                    ErrorCode.INVALID_REQUEST,
                    "the Idempotency-Key must have 1 to " + CommandParser.MAX_MESSAGE_ID + " characters",
                    null);
        }
        return key;
    }

    /** One draft per publication and channel. A key of the request stands for those without an id of their own. */
    private List<Draft> drafts(List<PublishRequest> requests, String key) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            PublishRequest request = requests.get(i);
            String derived = key == null || requests.size() == 1 ? key : key + "#" + i;
            String messageId = request.messageId() == null ? derived : request.messageId();
            for (String channel : request.channels()) {
                drafts.add(
                        messageId == null
                                ? new Draft(channel, request.data(), node.ids().message(), Draft.Identity.SERVER, null)
                                : new Draft(channel, request.data(), messageId, Draft.Identity.PUBLISHER, null));
            }
        }
        return drafts;
    }

    private static void answerOne(RoutingContext context, Future<Accepted> result) {
        if (result.succeeded()) {
            context.json(describe(result.result()));
        } else if (result.cause() instanceof BrokerUnavailable unavailable) {
            context.response().putHeader("Retry-After", Long.toString(1 + unavailable.retryAfterMs() / 1000));
            Problem.send(
                    context,
                    503,
                    ErrorCode.UNAVAILABLE.code(),
                    "the broker did not accept it; send it again with the same messageId",
                    new JsonObject().put("retryAfterMs", unavailable.retryAfterMs()));
        } else {
            log.error("broadcast failed", result.cause());
            Problem.send(context, 500, ErrorCode.INTERNAL_ERROR.code(), "the server failed to do this");
        }
    }

    private static void answerAll(RoutingContext context, List<Draft> drafts, List<Future<Accepted>> results) {
        JsonArray report = new JsonArray();
        boolean complete = true;
        for (int i = 0; i < results.size(); i++) {
            complete &= results.get(i).succeeded();
            report.add(
                    results.get(i).succeeded()
                            ? describe(results.get(i).result())
                            : new JsonObject()
                                    .put("success", false)
                                    .put("channel", drafts.get(i).channel())
                                    .put("messageId", drafts.get(i).messageId())
                                    .put("code", ErrorCode.UNAVAILABLE.code()));
        }
        context.response().setStatusCode(complete ? 200 : 207);
        context.json(new JsonObject().put("success", complete).put("results", report));
    }

    private static JsonObject describe(Accepted accepted) {
        return new JsonObject()
                .put("success", true)
                .put("channel", accepted.channel())
                .put("messageId", accepted.messageId())
                .put("epoch", accepted.position().epoch())
                .put("offset", accepted.position().offset())
                .put("durability", accepted.durability().code())
                .put("duplicate", accepted.duplicate());
    }
}
