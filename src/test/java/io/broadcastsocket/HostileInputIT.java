package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients should not send. Each case ends with a healthy client being served and no connection left over. */
class HostileInputIT {
    private static TestServer server;

    private TestClient healthy;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        healthy = server.connect();
        healthy.subscribe("healthy");
    }

    @AfterEach
    void theOthersNoticeNothing() {
        healthy.broadcast("healthy", "still here");
        assertThat(healthy.awaitMessage("healthy").getString("data")).isEqualTo("still here");
        healthy.close();
        Awaitility.await("no connection is left over")
                .untilAsserted(() -> assertThat(connections()).isZero());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{|invalid-json",
                "~~|invalid-json",
                "[1,2]|invalid-request",
                "{\"type\":\"shout\"}|unknown-type",
                "{\"type\":[]}|invalid-request",
                "{\"type\":\"subscribe\",\"channel\":\"\"}|invalid-request",
                "{\"type\":\"subscribe\",\"channel\":\"a\\u0000b\"}|invalid-channel",
                "{\"type\":\"subscribe\",\"channel\":\"$canary\"}|invalid-channel",
                "{\"type\":\"unsubscribe\"}|invalid-request",
                "{\"type\":\"broadcast\",\"channel\":\"c\"}|invalid-request",
                "{\"type\":\"history\",\"channel\":\"c\",\"since\":{\"epoch\":\"e\",\"offset\":1e99}}|invalid-request"
            })
    void aWrongCommandIsAnErrorAndTheConnectionGoesOn(String text, String code) {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.send(text);
            JsonObject error = raw.readMessage();
            assertThat(error.getString("type")).isEqualTo("error");
            assertThat(error.getJsonObject("data").getString("code")).isEqualTo(code);
            assertThat(error.getJsonObject("data").getString("message")).isNotBlank();
            works(raw);
        }
    }

    @Test
    void aHundredLevelsOfNestingAndAVeryLongNameAreErrors() {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.send("{\"type\":\"broadcast\",\"data\":" + "[".repeat(100) + "]".repeat(100) + "}");
            assertThat(code(raw.readMessage())).isEqualTo("invalid-json");
            raw.send("{\"type\":\"subscribe\",\"channel\":\"" + "c".repeat(10_000) + "\"}");
            assertThat(code(raw.readMessage())).isEqualTo("invalid-channel");
            works(raw);
        }
    }

    @Test
    void numbersBeyondADoublePassUnchanged() {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.send("{\"type\":\"subscribe\",\"channel\":\"numbers\"}");
            raw.readMessage();
            raw.send("{\"type\":\"broadcast\",\"channel\":\"numbers\",\"data\":[9007199254740993, 1e400,-0.0]}");
            String text = "";
            while (!text.startsWith("{\"type\":\"message\"")) {
                text = raw.readFrame().text();
            }
            assertThat(text).contains("\"data\":[9007199254740993, 1e400,-0.0],");
        }
    }

    static Stream<Arguments> violations() {
        byte[] ten = new byte[10];
        return Stream.of(
                Arguments.of("a frame without a mask", RawSocket.frame(0x81, ten, false), 1002),
                Arguments.of("a reserved bit", RawSocket.frame(0xC1, ten, true), 1002),
                Arguments.of("a reserved opcode", RawSocket.frame(0x83, ten, true), 1002),
                Arguments.of("a reserved control opcode", RawSocket.frame(0x8B, ten, true), 1002),
                Arguments.of("a continuation of nothing", RawSocket.frame(0x80, ten, true), 1002),
                Arguments.of("a fragmented ping", RawSocket.frame(0x09, ten, true), 1002),
                Arguments.of("a long ping", RawSocket.frame(0x89, new byte[126], true), 1002),
                Arguments.of("a close frame of one byte", RawSocket.frame(0x88, new byte[1], true), 1002),
                Arguments.of("a close status beyond all", RawSocket.frame(0x88, new byte[] {0x7B, 0x22}, true), 1002),
                Arguments.of("a binary frame", RawSocket.frame(0x82, ten, true), 1003),
                Arguments.of("broken UTF-8", RawSocket.frame(0x81, new byte[] {'"', (byte) 0xC3, '"'}, true), 1007),
                Arguments.of(
                        "ten megabytes", Arrays.copyOf(RawSocket.frame(0x81, new byte[10_000_000], true), 200), 1009),
                Arguments.of("one byte too many", RawSocket.frame(0x81, new byte[65_537], true), 1009));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void aViolationIsClosedWithItsCode(String what, byte[] bytes, int status) {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.write(bytes);
            assertThat(raw.readClose()).as(what).isEqualTo(status);
        }
    }

    @Test
    void aMessageMayComeInFragmentsWithPingsBetween() {
        byte[] text = "{\"type\":\"subscribe\",\"channel\":\"c\",\"x\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);
        try (RawSocket raw = RawSocket.open(server.port())) {
            int cut = text.length - 3;
            raw.write(RawSocket.frame(0x01, Arrays.copyOf(text, 5), true));
            raw.write(RawSocket.frame(RawSocket.PING, new byte[] {7}));
            RawSocket.Frame pong = raw.readFrame();
            assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
            assertThat(pong.payload()).containsExactly(7);
            raw.write(RawSocket.frame(0x00, Arrays.copyOfRange(text, 5, cut), true));
            raw.write(RawSocket.frame(0x80, Arrays.copyOfRange(text, cut, text.length), true));
            assertThat(raw.readMessage().getString("type")).isEqualTo("ack");
        }
    }

    @Test
    void fragmentsThatNeverEndAreTooBig() {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.write(RawSocket.frame(0x01, new byte[60_000], true));
            raw.write(RawSocket.frame(0x00, new byte[6_000], true));
            assertThat(raw.readClose()).isEqualTo(1009);
        }
    }

    @Test
    void aCloseFrameIsAnsweredWithItsStatusAndNothingFollows() {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.write(RawSocket.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xE8}));
            assertThat(raw.readClose()).isEqualTo(1000);
            raw.awaitEnd();
        }
    }

    @Test
    void whatComesTogetherWithTheHandshakeIsNotLost() {
        try (RawSocket raw = RawSocket.connect(server.port())) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(RawSocket.handshake(""));
            both.writeBytes(RawSocket.text("{\"type\":\"subscribe\",\"channel\":\"c\",\"messageId\":\"early\"}"));
            raw.write(both.toByteArray());
            assertThat(raw.readHead()).isEqualTo("HTTP/1.1 101 Switching Protocols");
            raw.readMessage();
            assertThat(raw.readMessage().getString("messageId")).isEqualTo("early");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8|426",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|X: y|400",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: short|400",
                "Connection: Upgrade|Connection: keep-alive|400",
                "GET / HTTP|POST / HTTP|405"
            })
    void aWrongHandshakeIsRefused(String right, String wrong, int status) {
        try (RawSocket raw = RawSocket.connect(server.port())) {
            String request = new String(RawSocket.handshake(""), StandardCharsets.US_ASCII);
            assertThat(request).contains(right);
            raw.write(request.replace(right, wrong).getBytes(StandardCharsets.US_ASCII));
            assertThat(raw.readHead()).contains(" " + status + " ");
        }
    }

    @Test
    void aClientThatNeverReadsHarmsNobody() {
        try (RawSocket raw = RawSocket.open(server.port())) {
            raw.send("{\"type\":\"subscribe\",\"channel\":\"flood\"}");
            raw.readMessage();
            healthy.subscribe("flood");
            String data = "x".repeat(20_000);
            for (int i = 0; i < 400; i++) {
                healthy.broadcast("flood", data);
                assertThat(healthy.awaitMessage("flood").getLong("offset")).isEqualTo(i + 1);
            }
        }
    }

    static String code(JsonObject error) {
        return error.getJsonObject("data").getString("code");
    }

    private static void works(RawSocket raw) {
        raw.send("{\"type\":\"subscribe\",\"channel\":\"works\",\"messageId\":\"w\"}");
        assertThat(raw.readMessage().getString("messageId")).isEqualTo("w");
    }

    private static int connections() {
        return new JsonObject(server.get("/health").body()).getInteger("connections");
    }
}
