package io.broadcastsocket.transport.websocket;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The opening handshake of RFC 6455, section 4.2: what is wrong with a request, and the answer to a right one. */
final class WebSocketHandshake {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Why a request is no handshake: an HTTP status and a sentence. */
    record Problem(int status, String detail) {}

    private WebSocketHandshake() {}

    static boolean isUpgrade(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
    }

    static Optional<Problem> check(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET) {
            return Optional.of(new Problem(405, "a WebSocket handshake is a GET"));
        }
        if (!tokens(request.headers().getAll(HttpHeaders.CONNECTION)).contains("upgrade")) {
            return Optional.of(new Problem(400, "the header Connection must contain Upgrade"));
        }
        if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
            return Optional.of(new Problem(426, "the header Sec-WebSocket-Version must be 13"));
        }
        return isKey(request.getHeader("Sec-WebSocket-Key"))
                ? Optional.empty()
                : Optional.of(new Problem(400, "the header Sec-WebSocket-Key must be 16 bytes in base64"));
    }

    /** The subprotocols that the client offers, in its order. */
    static List<String> offered(HttpServerRequest request) {
        return request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(String::trim)
                .toList();
    }

    /** The whole response, up to the empty line. */
    static byte[] response(String key, Optional<String> subprotocol) {
        StringBuilder response = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
        response.append(accept(key)).append("\r\n");
        subprotocol.ifPresent(
                name -> response.append("Sec-WebSocket-Protocol: ").append(name).append("\r\n"));
        return response.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key.trim() + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static boolean isKey(String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** The tokens of a list that may be spread over several headers of the same name (RFC 9110, section 5.3). */
    private static List<String> tokens(List<String> headers) {
        return headers.stream()
                .flatMap(header ->
                        Arrays.stream(header.toLowerCase(java.util.Locale.ROOT).split(",")))
                .map(String::trim)
                .toList();
    }
}
