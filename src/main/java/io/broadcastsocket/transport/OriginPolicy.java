package io.broadcastsocket.transport;

import java.net.URI;
import java.util.Set;

/**
 * Which web pages may use this server: one list for HTTP (CORS) and for WebSocket, which browsers do not protect.
 *
 * <p>Immutable, thread-safe. Programs that are no browsers send no {@code Origin} and are not affected.
 *
 * @param allowed origins such as {@code https://app.example}, or {@code *} for all
 */
public record OriginPolicy(Set<String> allowed) {
    public OriginPolicy {
        allowed = Set.copyOf(allowed);
    }

    public boolean allowsAll() {
        return allowed.contains("*");
    }

    /**
     * Tells whether a request may go on.
     *
     * @param origin the {@code Origin} header, or null
     * @param host the {@code Host} header, or null; a page may always talk to the host it came from
     */
    public boolean allows(String origin, String host) {
        return origin == null || allowsAll() || allowed.contains(origin) || isSameHost(origin, host);
    }

    private static boolean isSameHost(String origin, String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }
}
