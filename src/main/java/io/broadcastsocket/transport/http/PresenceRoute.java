package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.CommandParser;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.PresenceDocument;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** {@code GET /channels/{channel}/presence}: who is in a channel, and how many. */
final class PresenceRoute {
    private final Node node;

    PresenceRoute(Node node) {
        this.node = node;
    }

    void mount(Router router, Guard guard) {
        router.get("/channels/:channel/presence").handler(guard).handler(this::presence);
    }

    private void presence(RoutingContext context) {
        String channel = context.pathParam("channel");
        int limit = Parameters.whole(context, "limit", 100, 0, CommandParser.MAX_COUNT);
        String after = Objects.requireNonNullElse(context.queryParams().get("after"), "");
        if (!ChannelName.isValid(channel)) {
            Problem.send(context, 400, ErrorCode.INVALID_CHANNEL.code(), "this is not a channel name");
        } else if (limit < 0 || after.length() > CommandParser.MAX_MESSAGE_ID) {
            Problem.send(
                    context,
                    400,
                    ErrorCode.INVALID_REQUEST.code(),
                    "\"limit\" must be 0 to " + CommandParser.MAX_COUNT + " and \"after\" the id of a client");
        } else {
            node.presence()
                    .page(channel, after, limit)
                    .onComplete(
                            page -> context.response()
                                    .putHeader("Content-Type", "application/json")
                                    .end(Buffer.buffer(PresenceDocument.encode(channel, page))),
                            failure -> fail(context, failure));
        }
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (failure instanceof BrokerUnavailable) {
            Problem.send(context, 503, ErrorCode.UNAVAILABLE.code(), "the broker cannot be read");
        } else {
            context.fail(failure);
        }
    }
}
