package io.broadcastsocket.transport.http;

import io.broadcastsocket.transport.ClientAddress;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Lets a request to a guarded route pass: with one of the API keys or, where there are no keys, from this machine.
 *
 * <p>Thread-safe.
 */
final class Guard implements Handler<RoutingContext> {
    private static final String BEARER = "Bearer ";

    private final List<byte[]> keys;
    private final int trustedHops;

    Guard(List<String> keys, int trustedHops) {
        this.keys =
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList();
        this.trustedHops = trustedHops;
    }

    @Override
    public void handle(RoutingContext context) {
        if (keys.isEmpty()) {
            if (ClientAddress.of(context.request(), trustedHops).isLoopback()) {
                context.next();
            } else {
                Problem.send(
                        context,
                        403,
                        "forbidden",
                        "no API key is configured, so only requests from this machine are answered");
            }
        } else if (isKey(shown(context))) {
            context.next();
        } else {
            context.response().putHeader("WWW-Authenticate", "Bearer");
            Problem.send(
                    context,
                    401,
                    "unauthorized",
                    "send an API key as \"Authorization: Bearer <key>\" or \"X-API-Key\"");
        }
    }

    private static String shown(RoutingContext context) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).trim()
                : context.request().getHeader("X-API-Key");
    }

    /** Compares with every key, each in constant time, so that an answer's time tells nothing. */
    private boolean isKey(String shown) {
        if (shown == null) {
            return false;
        }
        byte[] bytes = shown.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (byte[] key : keys) {
            found |= MessageDigest.isEqual(key, bytes);
        }
        return found;
    }
}
