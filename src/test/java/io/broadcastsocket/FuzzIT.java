package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.RawSocket;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Mutated protocol messages against a running server; {@code -Dfuzz.seed=N} tries others. */
class FuzzIT {
    private static final int MESSAGES = 4000;
    private static final Set<Integer> CLOSE_CODES = Set.of(1000, 1002, 1003, 1007, 1009);
    private static final List<String> CORPUS = List.of(
            "{\"type\":\"subscribe\",\"channel\":\"a\",\"messageId\":\"m\"}",
            "{\"type\":\"subscribe\",\"channel\":\"b\",\"last\":5}",
            "{\"type\":\"subscribe\",\"channel\":\"a\",\"since\":{\"epoch\":\"e\",\"offset\":1}}",
            "{\"type\":\"unsubscribe\",\"channel\":\"a\"}",
            "{\"type\":\"broadcast\",\"channel\":\"a\",\"data\":{\"x\":[1,2,{\"y\":null}]},\"messageId\":\"b1\"}",
            "{\"type\":\"broadcast\",\"data\":\"\u00e9\\u0000\",\"echo\":false}",
            "{\"type\":\"resume\",\"positions\":{\"a\":{\"epoch\":\"e\",\"offset\":0}}}",
            "{\"type\":\"history\",\"channel\":\"a\",\"limit\":3}",
            "{\"type\":\"pong\"}");

    private final long seed = Long.getLong("fuzz.seed", 1);
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void everyMessageIsAnsweredOrClosedWithADocumentedCodeAndNothingLeaks() {
        System.out.println("fuzzing with -Dfuzz.seed=" + seed);
        try (TestServer server = TestServer.start();
                TestClient healthy = server.connect()) {
            RawSocket raw = RawSocket.open(server.port());
            for (int i = 0; i < MESSAGES; i++) {
                byte[] frame = frame();
                raw.write(frame);
                raw.write(RawSocket.frame(RawSocket.PING, new byte[] {42}));
                if (!survives(raw)) {
                    raw.close();
                    raw = RawSocket.open(server.port());
                }
            }
            raw.close();
            healthy.subscribe("end");
            healthy.broadcast("end", "alive");
            assertThat(healthy.awaitMessage("end").getString("data")).isEqualTo("alive");
            Awaitility.await().untilAsserted(() -> assertThat(
                            new JsonObject(server.get("/health").body()).getInteger("connections"))
                    .isEqualTo(1));
        } catch (AssertionError e) {
            throw new AssertionError("repeat with -Dfuzz.seed=" + seed, e);
        }
    }

    /** Reads until the answer to our ping, which shows that the message before it was dealt with, or the close. */
    private boolean survives(RawSocket raw) {
        while (true) {
            RawSocket.Frame frame = raw.readFrame();
            if (frame == null) {
                throw new AssertionError("cut without a close frame");
            }
            if (frame.opcode() == RawSocket.CLOSE) {
                int status = frame.closeStatus();
                boolean isEchoOfOurs = status == -1 || (status >= 3000 && status <= 4999);
                assertThat(isEchoOfOurs || CLOSE_CODES.contains(status))
                        .as("closed with " + status)
                        .isTrue();
                return false;
            }
            if (frame.opcode() == RawSocket.TEXT) {
                assertThat(new JsonObject(frame.text()).getString("type")).isIn("ack", "error", "message", "ping");
            }
            if (frame.opcode() == RawSocket.PONG && frame.payload().length == 1 && frame.payload()[0] == 42) {
                return true;
            }
        }
    }

    private byte[] frame() {
        byte[] text = CORPUS.get(random.nextInt(CORPUS.size())).getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i > 0; i--) {
            text = mutate(text);
        }
        int firstByte = random.nextInt(20) == 0 ? 0x80 | random.nextInt(128) : 0x81;
        return RawSocket.frame(firstByte, text, random.nextInt(50) != 0);
    }

    private byte[] mutate(byte[] text) {
        if (text.length == 0) {
            return text;
        }
        int at = random.nextInt(text.length);
        byte[] other = CORPUS.get(random.nextInt(CORPUS.size())).getBytes(StandardCharsets.UTF_8);
        String start = new String(text, 0, at, StandardCharsets.ISO_8859_1);
        String rest = new String(text, at, text.length - at, StandardCharsets.ISO_8859_1);
        String mutated =
                switch (random.nextInt(6)) {
                    case 0 -> start + (char) random.nextInt(256) + rest;
                    case 1 -> start + rest.substring(1);
                    case 2 -> start + rest + rest;
                    case 3 -> start + new String(other, StandardCharsets.ISO_8859_1) + rest;
                    case 4 -> start + "\"{}[],:0".charAt(random.nextInt(8)) + rest.substring(1);
                    default -> start + "9".repeat(random.nextInt(40)) + rest;
                };
        return mutated.getBytes(StandardCharsets.ISO_8859_1);
    }
}
