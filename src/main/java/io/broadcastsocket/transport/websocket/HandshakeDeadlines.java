package io.broadcastsocket.transport.websocket;

import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections that have not sent a complete request yet, and when their time is over.
 *
 * <p>Event loop only. All get equally long, so they stand in the order of their deadlines.
 */
final class HandshakeDeadlines {
    private final long timeoutMs;
    private final Map<HttpConnection, Long> deadlines = new LinkedHashMap<>();

    HandshakeDeadlines(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    void began(HttpConnection connection, long now) {
        deadlines.put(connection, now + timeoutMs);
    }

    void ended(HttpConnection connection) {
        deadlines.remove(connection);
    }

    void closeOverdue(long now) {
        Iterator<Map.Entry<HttpConnection, Long>> oldest = deadlines.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<HttpConnection, Long> entry = oldest.next();
            if (entry.getValue() > now) {
                return;
            }
            oldest.remove();
            entry.getKey().close();
        }
    }
}
