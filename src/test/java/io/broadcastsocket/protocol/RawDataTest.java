package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data leaves as it came; what is no JSON text in UTF-8 does not come in. */
class RawDataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-0.0e-0",
                "12345678901234567890.10",
                "1e400",
                "-1E+400",
                "1.000",
                "\"\"",
                "\"text\"",
                "\"ä€😀\"",
                "\"\\u00e4\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\\\\\"\"",
                "\"\\ud800\"",
                "\"}\"",
                "\"\u2028\u007f\"",
                "[]",
                "[ ]",
                "{}",
                "{ \t\r\n }",
                "[1 , 2\n,\t3]",
                "{\"b\":1,\"a\":2,\"b\":3}",
                "{\"data\":{\"data\":[]},\"type\":\"pong\"}",
                "[[[[\"]\"]]]]"
            })
    void anyKindOfValuePassesThroughByteForByte(String data) throws ProtocolException {
        for (String space : new String[] {"", " ", "\n\t "}) {
            String field = "\"data\"" + space + ":" + space + data + space;
            assertThat(data("{" + field + ",\"type\":\"broadcast\"}")).isEqualTo(data);
            assertThat(data("{\"type\":\"broadcast\"," + field + "}")).isEqualTo(data);
            assertThat(data(space + "{\"type\":\"broadcast\",\"ä\":\"€\"," + field + "}" + space))
                    .isEqualTo(data);
        }
    }

    @Test
    void longNumbersAndStringsPassThrough() throws ProtocolException {
        for (String data :
                new String[] {"9".repeat(70_000), "\"" + "ä".repeat(70_000) + "\"", "0." + "1".repeat(9999)}) {
            assertThat(data("{\"data\":" + data + ",\"type\":\"broadcast\"}")).isEqualTo(data);
        }
    }

    @Test
    void nestingMayBeSixtyFourDeep() throws ProtocolException {
        // The command itself is the first level.
        String deepest = "[".repeat(63) + "]".repeat(63);
        assertThat(data("{\"type\":\"broadcast\",\"data\":" + deepest + "}")).isEqualTo(deepest);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 100, 50_000})
    void deeperNestingIsRefused(int depth) {
        String data = "[".repeat(depth) + "]".repeat(depth);
        assertThat(refused("{\"type\":\"broadcast\",\"data\":" + data + "}")).isEqualTo(ErrorCode.INVALID_JSON);
        assertThat(refused("{\"type\":\"pong\",\"x\":" + data + "}")).isEqualTo(ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"type\":\"pong\"",
                "{\"type\":\"pong\"}}",
                "{\"type\":\"pong\"} {}",
                "{\"type\":\"pong\"},",
                "{\"type\":\"pong\"}\u0000",
                "{\"type\":\"pong\",}",
                "{type:\"pong\"}",
                "{'type':'pong'}",
                "{\"type\":\"pong\",\"x\":01}",
                "{\"type\":\"pong\",\"x\":+1}",
                "{\"type\":\"pong\",\"x\":.5}",
                "{\"type\":\"pong\",\"x\":1.}",
                "{\"type\":\"pong\",\"x\":NaN}",
                "{\"type\":\"pong\",\"x\":Infinity}",
                "{\"type\":\"pong\",\"x\":\"\n\"}",
                "{\"type\":\"pong\",\"x\":\"\u0000\"}",
                "{\"type\":\"pong\",\"x\":\"\\x\"}",
                "{\"type\":\"pong\"/**/}",
                "\uFEFF{\"type\":\"pong\"}",
                "\u0000{\"type\":\"pong\"}",
                "{\u0000\"type\":\"pong\"}",
                "tru",
                "[1,2"
            })
    void whatIsNotJsonIsRefusedAsSuch(String text) {
        assertThat(refused(text)).isEqualTo(ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "\"subscribe\"", "[]", "[{\"type\":\"pong\"}]"})
    void jsonThatIsNoObjectIsAnInvalidRequest(String text) {
        assertThat(refused(text)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void otherEncodingsAreNotGuessedAt() {
        String text = "{\"type\":\"pong\"}";
        for (var encoding : new java.nio.charset.Charset[] {
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            java.nio.charset.Charset.forName("UTF-32LE"),
            java.nio.charset.Charset.forName("UTF-32BE")
        }) {
            assertThatThrownBy(() -> CommandParser.parse(text.getBytes(encoding)))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    private static String data(String text) throws ProtocolException {
        Command command = CommandParser.parse(text.getBytes(StandardCharsets.UTF_8));
        return new String(((Command.Broadcast) command).data(), StandardCharsets.UTF_8);
    }

    private static ErrorCode refused(String text) {
        try {
            throw new AssertionError("was taken: " + CommandParser.parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (ProtocolException e) {
            return e.code();
        }
    }
}
