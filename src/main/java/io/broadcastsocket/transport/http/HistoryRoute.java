package io.broadcastsocket.transport.http;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.broker.HistoryPage;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.HistoryDocument;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code GET /channels/{channel}/history}: a page of a channel's recent publications. */
final class HistoryRoute {
    private static final int MAX_PAGE = 1000;
    private static final int MAX_EPOCH = 64;

    private final Node node;

    HistoryRoute(Node node) {
        this.node = node;
    }

    void mount(Router router, Guard guard) {
        router.get("/channels/:channel/history").handler(guard).handler(this::history);
    }

    private void history(RoutingContext context) {
        String channel = context.pathParam("channel");
        int limit = Parameters.whole(context, "limit", 100, 1, MAX_PAGE);
        long since = Parameters.offset(context, "since", 0);
        if (!ChannelName.isValid(channel)) {
            Problem.send(context, 400, ErrorCode.INVALID_CHANNEL.code(), "this is not a channel name");
        } else if (limit < 0 || since < 0 || !isEpoch(context.queryParams().get("epoch"))) {
            Problem.send(
                    context,
                    400,
                    ErrorCode.INVALID_REQUEST.code(),
                    "\"limit\" must be 1 to " + MAX_PAGE + ", \"since\" an offset and \"epoch\" 1 to " + MAX_EPOCH
                            + " characters");
        } else {
            start(context, channel, since)
                    .compose(after -> HistoryPage.read(node.broker(), channel, after, limit))
                    .onComplete(page -> answer(context, channel, page), failure -> fail(context, failure));
        }
    }

    private static boolean isEpoch(String epoch) {
        return epoch == null || (!epoch.isEmpty() && epoch.length() <= MAX_EPOCH);
    }

    /** Without an epoch, an offset means the current one. */
    private Future<Optional<Position>> start(RoutingContext context, String channel, long since) {
        String epoch = context.queryParams().get("epoch");
        if (epoch != null) {
            return Future.succeededFuture(Optional.of(new Position(epoch, since)));
        }
        return since == 0
                ? Future.succeededFuture(Optional.empty())
                : node.broker()
                        .tops(List.of(channel))
                        .map(tops -> Optional.of(tops.get(channel).at(since)));
    }

    private static void answer(RoutingContext context, String channel, HistoryPage page) {
        context.response()
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(HistoryDocument.encode(channel, page.publications(), page.top(), page.gap())));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (failure instanceof BrokerUnavailable) {
            Problem.send(context, 503, ErrorCode.UNAVAILABLE.code(), "the broker cannot be read");
        } else {
            context.fail(failure);
        }
    }
}
