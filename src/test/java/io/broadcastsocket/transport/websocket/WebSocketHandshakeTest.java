package io.broadcastsocket.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
