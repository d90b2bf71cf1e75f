package io.broadcastsocket.transport.http;

import io.broadcastsocket.transport.OriginPolicy;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/**
 * Cross-origin requests (CORS) by the same list as WebSockets.
 *
 * <p>Thread-safe.
 */
final class Origins implements Handler<RoutingContext> {
    private final OriginPolicy policy;
    private final CorsHandler cors;

    Origins(OriginPolicy policy) {
        this.policy = policy;
        this.cors = policy.allowsAll()
                ? CorsHandler.create()
                : CorsHandler.create().addOrigins(List.copyOf(policy.allowed()));
        cors.allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE, HttpMethod.OPTIONS))
                .allowedHeaders(
                        Set.of("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-API-Key"))
                .maxAgeSeconds(600);
    }

    @Override
    public void handle(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (policy.allowsAll() || (origin != null && policy.allowed().contains(origin))) {
            cors.handle(context);
        } else if (policy.allows(origin, context.request().getHeader(HttpHeaders.HOST))) {
            context.next();
        } else {
            Problem.send(context, 403, "origin-not-allowed", "this origin may not use the API; see CORS_ORIGIN");
        }
    }
}
