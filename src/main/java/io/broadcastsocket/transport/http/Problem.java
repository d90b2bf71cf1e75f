package io.broadcastsocket.transport.http;

import io.broadcastsocket.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Errors of the HTTP API as {@code application/problem+json} (RFC 9457). */
final class Problem {
    private Problem() {}

    static void send(RoutingContext context, int status, String code, String detail) {
        send(context, status, code, detail, new JsonObject());
    }

    static void send(RoutingContext context, int status, String code, String detail, JsonObject more) {
        if (context.response().ended()) {
            return;
        }
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("type", "about:blank")
                        .put("title", code)
                        .put("status", status)
                        .put("code", code)
                        .put("detail", detail)
                        .mergeIn(more)
                        .toBuffer());
    }

    /** The HTTP status that belongs to a protocol error. */
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_JSON, INVALID_REQUEST, UNKNOWN_TYPE, INVALID_CHANNEL, CHANNEL_LIMIT -> 400;
            case MESSAGE_TOO_LARGE -> 413;
            case RATE_LIMITED -> 429;
            case UNAVAILABLE -> 503;
            case GAP -> 410;
            case INTERNAL_ERROR -> 500;
        };
    }
}
