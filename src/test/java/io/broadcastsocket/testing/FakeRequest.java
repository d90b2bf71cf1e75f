package io.broadcastsocket.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;

/** The head of an HTTP request: method and headers; everything else is refused. */
public final class FakeRequest {
    private final HttpMethod method;
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    public FakeRequest(HttpMethod method) {
        this.method = method;
    }

    /** Adds a header; those of the same name stay. */
    public FakeRequest with(String name, String value) {
        headers.add(name, value);
        return this;
    }

    /** Removes the headers of this name. */
    public FakeRequest without(String name) {
        headers.remove(name);
        return this;
    }

    public HttpServerRequest build() {
        return (HttpServerRequest) Proxy.newProxyInstance(
                FakeRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, called, args) -> switch (called.getName()) {
                    case "method" -> method;
                    case "headers" -> headers;
                    case "getHeader" -> headers.get(args[0].toString());
                    default -> throw new UnsupportedOperationException(called.getName());
                });
    }
}
