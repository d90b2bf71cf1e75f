package io.broadcastsocket.transport.http;

import io.broadcastsocket.hub.HubShard;
import io.broadcastsocket.hub.Joined;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.node.Node;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /events?channel=a&channel=b}: publications as server-sent events, for clients without WebSocket.
 *
 * <p>Event loop only.
 */
final class EventsRoute {
    private final Node node;
    private final HubShard shard;
    private final Set<EventStream> streams = new HashSet<>();

    EventsRoute(Node node, HubShard shard) {
        this.node = node;
        this.shard = shard;
    }

    void mount(Router router, Guard guard) {
        router.get("/events").handler(guard).handler(this::events);
    }

    /** Keeps idle streams alive through proxies. */
    void heartbeat() {
        streams.forEach(EventStream::heartbeat);
    }

    private void events(RoutingContext context) {
        List<String> channels = List.copyOf(new java.util.LinkedHashSet<>(context.queryParam("channel")));
        if (channels.isEmpty()
                || channels.size() > node.config().limits().channelsPerConnection()
                || !channels.stream().allMatch(ChannelName::isValid)) {
            Problem.send(
                    context,
                    400,
                    ErrorCode.INVALID_CHANNEL.code(),
                    "name 1 to " + node.config().limits().channelsPerConnection() + " valid channels with ?channel=");
            return;
        }
        Optional<List<Position>> positions = positions(context.request().getHeader("Last-Event-ID"), channels.size());
        if (positions.isEmpty()) {
            Problem.send(context, 400, ErrorCode.INVALID_REQUEST.code(), "this Last-Event-ID is not of these channels");
        } else if (!node.admit()) {
            Problem.send(
                    context, 503, ErrorCode.UNAVAILABLE.code(), "this node has as many connections as it may have");
        } else {
            open(context, channels, positions.get());
        }
    }

    private void open(RoutingContext context, List<String> channels, List<Position> positions) {
        HttpServerResponse response = context.response();
        EventStream stream = new EventStream(response, shard);
        streams.add(stream);
        context.addEndHandler(end -> close(stream));
        List<Future<Joined>> joins = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            Start start = positions.isEmpty() ? new Start.Live() : new Start.Since(positions.get(i));
            joins.add(shard.join(stream.subscriber(), channels.get(i), start));
        }
        Future.join(joins).onComplete(all -> {
            if (all.failed() || !streams.contains(stream)) {
                joins.stream().filter(Future::succeeded).forEach(join -> shard.abandon(join.result()));
                Problem.send(context, 503, ErrorCode.UNAVAILABLE.code(), "the broker cannot be read");
                return;
            }
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("X-Accel-Buffering", "no");
            for (int i = 0; i < joins.size(); i++) {
                Joined joined = joins.get(i).result();
                // Until a gap is announced, the stream stands before it: a client that is cut off in between must meet
                // it.
                stream.add(joined.channel(), joined.gap().isPresent() ? positions.get(i) : joined.position());
            }
            stream.begin();
            joins.forEach(join -> shard.open(join.result()));
        });
    }

    private void close(EventStream stream) {
        if (streams.remove(stream)) {
            stream.ended();
            shard.unregister(stream.subscriber());
            node.leave();
        }
    }

    /** The positions in an event's id: {@code epoch:offset;epoch:offset}; an empty list without an id. */
    private static Optional<List<Position>> positions(String id, int channels) {
        if (id == null || id.isEmpty()) {
            return Optional.of(List.of());
        }
        List<Position> positions = new ArrayList<>();
        for (String part : id.split(";")) {
            int colon = part.lastIndexOf(':');
            try {
                positions.add(new Position(part.substring(0, colon), Long.parseLong(part.substring(colon + 1))));
            } catch (IndexOutOfBoundsException | IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
        return positions.size() == channels ? Optional.of(positions) : Optional.empty();
    }
}
