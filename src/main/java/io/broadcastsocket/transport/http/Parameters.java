package io.broadcastsocket.transport.http;

import io.broadcastsocket.model.Position;
import io.vertx.ext.web.RoutingContext;

/** Reads query parameters. */
final class Parameters {
    private Parameters() {}

    /** A whole number, the default when it is absent, or -1 when it is wrong. */
    static int whole(RoutingContext context, String name, int otherwise, int min, int max) {
        String text = context.queryParams().get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            return value >= min && value <= max ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** An offset, the default when it is absent, or -1 when it is wrong. */
    static long offset(RoutingContext context, String name, long otherwise) {
        String text = context.queryParams().get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            return value >= 0 && value <= Position.MAX_OFFSET ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
