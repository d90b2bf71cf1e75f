package io.broadcastsocket.verify.wire;

import java.net.URI;

/**
 * Where a node is reached.
 *
 * @param name what reports call it
 * @param via loopback port of a {@link Relay} through which connections go, or 0
 */
public record Endpoint(String name, String host, int port, boolean tls, int via) {
    public static Endpoint of(String name, URI uri) {
        boolean tls = uri.getScheme().equals("https") || uri.getScheme().equals("wss");
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        return new Endpoint(name, uri.getHost(), port, tls, 0);
    }

    public Endpoint via(int port) {
        return new Endpoint(name, host, this.port, tls, port);
    }

    @Override
    public String toString() {
        return name;
    }
}
