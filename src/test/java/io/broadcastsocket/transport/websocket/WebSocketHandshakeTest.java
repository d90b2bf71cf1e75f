package io.broadcastsocket.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.FakeRequest;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebSocketHandshakeTest {
    @Test
    void acceptsTheKeyOfTheRfcsExample() {
        assertThat(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void theResponseNamesTheSubprotocolOnlyWhenThereIsOne() {
        String with = text(WebSocketHandshake.response("dGhlIHNhbXBsZSBub25jZQ==", Optional.of("broadcast.v1")));
        String without = text(WebSocketHandshake.response("dGhlIHNhbXBsZSBub25jZQ==", Optional.empty()));
        assertThat(with).startsWith("HTTP/1.1 101 ").endsWith("Sec-WebSocket-Protocol: broadcast.v1\r\n\r\n");
        assertThat(without).endsWith("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    }

    @Test
    void aCompleteRequestIsAHandshake() {
        assertThat(WebSocketHandshake.check(handshake().build())).isEmpty();
    }

    @Test
    void connectionMayBeSeveralTokensOrSeveralHeaders() {
        assertThat(WebSocketHandshake.check(handshake()
                        .without("Connection")
                        .with("Connection", "keep-alive, UPGRADE")
                        .build()))
                .isEmpty();
        assertThat(WebSocketHandshake.check(handshake()
                        .without("Connection")
                        .with("Connection", "keep-alive")
                        .with("Connection", "Upgrade")
                        .build()))
                .isEmpty();
    }

    @Test
    void whatIsMissingIsNamedByItsStatus() {
        assertThat(status(new FakeRequest(HttpMethod.POST))).isEqualTo(405);
        assertThat(status(handshake().without("Connection"))).isEqualTo(400);
        assertThat(status(handshake().without("Connection").with("Connection", "close")))
                .isEqualTo(400);
        assertThat(status(handshake().without("Sec-WebSocket-Version"))).isEqualTo(426);
        assertThat(status(handshake().without("Sec-WebSocket-Key"))).isEqualTo(400);
        assertThat(status(handshake().without("Sec-WebSocket-Key").with("Sec-WebSocket-Key", "c2hvcnQ=")))
                .isEqualTo(400);
        assertThat(status(handshake().without("Sec-WebSocket-Key").with("Sec-WebSocket-Key", "not base64!")))
                .isEqualTo(400);
    }

    private static int status(FakeRequest request) {
        return WebSocketHandshake.check(request.build()).orElseThrow().status();
    }

    private static FakeRequest handshake() {
        return new FakeRequest(HttpMethod.GET)
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Version", "13")
                .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
