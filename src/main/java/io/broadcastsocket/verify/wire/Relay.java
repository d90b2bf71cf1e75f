package io.broadcastsocket.verify.wire;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Carries TCP connections to another place, and can cut them.
 *
 * <p>Event loop only. It is transparent, or a SOCKS5 proxy that always leads to the same place: so clients go through it
 * and mean the node all the same, in their handshakes and for TLS.
 */
public final class Relay {
    /** RFC 1928, sections 3 and 6. Greeting and request are short, and each comes when the one before was answered. */
    private static final byte[] NO_AUTHENTICATION = {5, 0};

    private static final byte[] GRANTED = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};

    private final NetServer server;
    private final NetClient client;
    private final String host;
    private final int port;
    private final boolean socks;
    private final List<NetSocket> open = new ArrayList<>();

    private Relay(Vertx vertx, String host, int port, boolean socks) {
        this.host = host;
        this.port = port;
        this.socks = socks;
        server = vertx.createNetServer();
        client = vertx.createNetClient();
        server.connectHandler(this::carry);
    }

    /** Listens on a free port of that address. */
    public static Future<Relay> transparent(Vertx vertx, String address, String host, int port) {
        Relay relay = new Relay(vertx, host, port, false);
        return relay.server.listen(0, address).map(relay);
    }

    /** Listens on a free loopback port for clients that speak SOCKS5. */
    public static Future<Relay> socks(Vertx vertx, String host, int port) {
        Relay relay = new Relay(vertx, host, port, true);
        return relay.server.listen(0, "127.0.0.1").map(relay);
    }

    public int port() {
        return server.actualPort();
    }

    /** Ends this share of the connections, at least one if there is one, without a word to either side; tells how many. */
    public int cut(double share, Random random) {
        List<NetSocket> all = new ArrayList<>(open);
        Collections.shuffle(all, random);
        List<NetSocket> victims =
                all.stream().limit(Math.max(1, Math.round(share * all.size()))).toList();
        victims.forEach(NetSocket::close);
        return victims.size();
    }

    public Future<Void> close() {
        return server.close().eventually(client::close);
    }

    private void carry(NetSocket near) {
        if (socks) {
            near.handler(greeting -> {
                near.write(Buffer.buffer(NO_AUTHENTICATION));
                near.handler(request -> {
                    near.write(Buffer.buffer(GRANTED));
                    connect(near);
                });
            });
        } else {
            connect(near);
        }
    }

    private void connect(NetSocket near) {
        near.pause();
        client.connect(port, host).onSuccess(far -> join(near, far)).onFailure(refused -> near.close());
    }

    private void join(NetSocket near, NetSocket far) {
        open.add(near);
        near.closeHandler(closed -> {
            open.remove(near);
            far.close();
        });
        far.closeHandler(closed -> near.close());
        // The close handlers tell of the end.
        far.pipeTo(near).onFailure(gone -> {});
        near.pipeTo(far).onFailure(gone -> {});
    }
}
