package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Deadline;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/**
 * Waits for something to be added to a stream, on a connection of its own, since nothing else gets through there meanwhile.
 *
 * <p>Event loop only. It takes nothing out of the stream: a node that is frozen while it waits holds up no entry.
 */
final class IngestWatch {
    private final Vertx vertx;
    private final Connector connector;
    private final String stream;
    private final long blockMs;
    private final long deadlineMs;
    private Line line;
    private RedisUrl.Endpoint endpoint;
    private boolean closed;

    /** @param blockMs how long it waits at most */
    IngestWatch(Vertx vertx, RedisSettings settings, String stream, long blockMs) {
        this.vertx = vertx;
        this.connector = new Connector(vertx, settings);
        this.stream = stream;
        this.blockMs = blockMs;
        this.deadlineMs = settings.deadlineMs();
    }

    /** Whether something came after this entry; fails when it cannot tell, and begins with another connection then. */
    Future<Boolean> await(RedisUrl.Endpoint server, String after) {
        Request wait = Request.cmd(Command.XREAD)
                .arg("COUNT")
                .arg(1)
                .arg("BLOCK")
                .arg(blockMs)
                .arg("STREAMS")
                .arg(stream)
                .arg(after);
        return Deadline.within(vertx, blockMs + 2 * deadlineMs, connect(server).compose(open -> open.send(wait)))
                .map(found -> found != null)
                .onFailure(failure -> disconnect());
    }

    void close() {
        closed = true;
        disconnect();
    }

    private Future<Line> connect(RedisUrl.Endpoint server) {
        if (line != null && server.equals(endpoint)) {
            return Future.succeededFuture(line);
        }
        disconnect();
        return connector.open(server).map(open -> {
            if (closed) {
                open.close();
            }
            line = open;
            endpoint = server;
            return open;
        });
    }

    private void disconnect() {
        if (line != null) {
            line.close();
            line = null;
        }
    }
}
