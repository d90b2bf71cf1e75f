package io.broadcastsocket.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one writes first with Vert.x: a set of sockets per channel and {@code writeTextMessage} for each of them. One event loop, to
 * which all state is confined.
 */
public final class NaiveVertx {
    private final Map<String, Set<ServerWebSocket>> channels = new HashMap<>();
    private long offset;

    private NaiveVertx() {}

    /** Arguments: the port; {@code nio} or {@code epoll}, which fails if the native transport is not there. */
    public static void main(String[] args) {
        boolean epoll = args[1].equals("epoll");
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(epoll));
        if (epoll != vertx.isNativeTransportEnabled()) {
            System.err.println("no native transport: " + vertx.unavailableNativeTransportCause());
            System.exit(1);
        }
        NaiveVertx server = new NaiveVertx();
        vertx.createHttpServer(new HttpServerOptions()
                        .setPort(Integer.parseInt(args[0]))
                        .setHost("127.0.0.1"))
                .webSocketHandler(server::connected)
                .listen()
                .onFailure(cause -> System.exit(1));
    }

    private void connected(ServerWebSocket socket) {
        socket.textMessageHandler(text -> command(socket, new JsonObject(text)));
        socket.closeHandler(closed -> channels.values().forEach(subscribers -> subscribers.remove(socket)));
        socket.writeTextMessage(new JsonObject()
                .put("type", "ack")
                .put("timestamp", System.currentTimeMillis())
                .encode());
    }

    private void command(ServerWebSocket socket, JsonObject command) {
        String channel = command.getString("channel");
        if (command.getString("type").equals("subscribe")) {
            channels.computeIfAbsent(channel, name -> new LinkedHashSet<>()).add(socket);
        } else {
            broadcast(channel, command);
        }
        socket.writeTextMessage(new JsonObject()
                .put("type", "ack")
                .put("messageId", command.getString("messageId"))
                .encode());
    }

    private void broadcast(String channel, JsonObject command) {
        String message = new JsonObject()
                .put("type", "message")
                .put("channel", channel)
                .put("data", command.getValue("data"))
                .put("messageId", command.getString("messageId"))
                .put("offset", ++offset)
                .put("timestamp", System.currentTimeMillis())
                .encode();
        for (ServerWebSocket subscriber : channels.getOrDefault(channel, Set.of())) {
            subscriber.writeTextMessage(message);
        }
    }
}
