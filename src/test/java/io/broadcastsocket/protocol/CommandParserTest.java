package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.broadcastsocket.model.Position;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567890.10",
                "1.0e400",
                "-0",
                "{ \"a\" :\t[1, 2 ,\n3] }",
                "\"caf\u00e9 \\u00e9 \\/ \ud83d\ude00\"",
                "\"\"",
                "[]",
                "{}",
                "null",
                "true",
                "false",
                "[[[{\"x\":\"]}\"}]]]"
            })
    void dataPassesByteForByte(String data) throws ProtocolException {
        Command.Broadcast before = broadcast("{\"type\":\"broadcast\",\"data\": " + data + " }");
        Command.Broadcast between = broadcast("{\"data\":" + data + ",\"type\":\"broadcast\",\"channel\":\"c\"}");
        assertThat(new String(before.data(), StandardCharsets.UTF_8)).isEqualTo(data);
        assertThat(new String(between.data(), StandardCharsets.UTF_8)).isEqualTo(data);
        assertThat(between.channel()).isEqualTo("c");
    }

    @Test
    void aLongStringAndALongNumberPassToo() throws ProtocolException {
        String digits = "9".repeat(30_000);
        String text = "\"" + "x".repeat(30_000) + "\\n\"";
        assertThat(new String(broadcast("{\"type\":\"broadcast\",\"data\":" + digits + "}")
                        .data()))
                .isEqualTo(digits);
        assertThat(new String(broadcast("{\"type\":\"broadcast\",\"data\":" + text + "}")
                        .data()))
                .isEqualTo(text);
    }

    @Test
    void withoutAChannelEveryoneIsMeant() throws ProtocolException {
        assertThat(broadcast("{\"type\":\"broadcast\",\"data\":1}").channel()).isEqualTo("*");
    }

    @Test
    void unknownFieldsAreIgnoredAndTheLastOfTwoCounts() throws ProtocolException {
        Command.Broadcast command = broadcast("{\"x\":{\"type\":\"y\"},\"type\":\"subscribe\",\"type\":\"broadcast\","
                + "\"data\":1,\"data\":2,\"echo\":false,\"messageId\":\"m\"}");
        assertThat(new String(command.data())).isEqualTo("2");
        assertThat(command.echo()).isEqualTo(Command.Echo.OFF);
        assertThat(command.messageId()).isEqualTo("m");
    }

    @Test
    void readsWhereASubscriptionBegins() throws ProtocolException {
        assertThat(parse("{\"type\":\"subscribe\",\"channel\":\"c\"}"))
                .isEqualTo(new Command.Subscribe(null, "c", new Command.Start.Live()));
        assertThat(parse("{\"type\":\"subscribe\",\"channel\":\"c\",\"last\":3}"))
                .isEqualTo(new Command.Subscribe(null, "c", new Command.Start.Last(3)));
        assertThat(parse("{\"type\":\"subscribe\",\"channel\":\"c\",\"since\":{\"offset\":9007199254740993,"
                        + "\"epoch\":\"e\"}}"))
                .isEqualTo(new Command.Subscribe(
                        null, "c", new Command.Start.Since(new Position("e", 9_007_199_254_740_993L))));
    }

    @Test
    void readsTheOtherCommands() throws ProtocolException {
        assertThat(parse(
                        "{\"type\":\"resume\",\"session\":\"s\",\"positions\":{\"c\":{\"epoch\":\"e\",\"offset\":1}}}"))
                .isEqualTo(new Command.Resume(null, Optional.of("s"), Map.of("c", new Position("e", 1))));
        assertThat(parse("{\"type\":\"history\",\"channel\":\"c\",\"limit\":7}"))
                .isEqualTo(new Command.History(null, "c", Optional.empty(), 7));
        assertThat(parse("{\"type\":\"unsubscribe\",\"channel\":\"c\",\"messageId\":\"u\"}"))
                .isEqualTo(new Command.Unsubscribe("u", "c"));
        assertThat(parse("{\"type\":\"pong\"}")).isEqualTo(new Command.Pong(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"type\":\"pong\"",
                "{\"type\":\"pong\"}}",
                "{\"type\":\"pong\"} x",
                "{type:\"pong\"}",
                "{\"type\":\"pong\",}",
                "nope",
                "{\"data\":01}",
                "{\"data\":\"\u0001\"}",
                "\ufeff{\"type\":\"pong\"}",
                "\u0000{\"type\":\"pong\"}"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThat(refused(text).code()).isEqualTo(ErrorCode.INVALID_JSON);
    }

    @Test
    void nestingIsLimited() throws ProtocolException {
        assertThat(broadcast(nested(63)).data()).isNotEmpty();
        assertThat(refused(nested(64)).code()).isEqualTo(ErrorCode.INVALID_JSON);
        assertThat(refused(nested(100)).code()).isEqualTo(ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[]|INVALID_REQUEST",
                "1|INVALID_REQUEST",
                "{}|INVALID_REQUEST",
                "{\"type\":1}|INVALID_REQUEST",
                "{\"type\":\"\"}|INVALID_REQUEST",
                "{\"type\":\"shout\"}|UNKNOWN_TYPE",
                "{\"type\":\"broadcast\"}|INVALID_REQUEST",
                "{\"type\":\"broadcast\",\"data\":1,\"echo\":\"no\"}|INVALID_REQUEST",
                "{\"type\":\"broadcast\",\"data\":1,\"messageId\":7}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"a b\"}|INVALID_CHANNEL",
                "{\"type\":\"subscribe\",\"channel\":\"$canary\"}|INVALID_CHANNEL",
                "{\"type\":\"subscribe\",\"channel\":\"a\\u0001b\"}|INVALID_CHANNEL",
                "{\"type\":\"subscribe\",\"channel\":\"\"}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":{\"a\":[1]}}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"c\",\"last\":-1}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"c\",\"last\":1001}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"c\",\"last\":1.5}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"c\",\"since\":4}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"channel\":\"c\",\"since\":{\"offset\":4}}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"since\":{\"epoch\":\"e\",\"offset\":9223372036854775808}}|INVALID_REQUEST",
                "{\"type\":\"subscribe\",\"since\":{\"epoch\":\"e\",\"offset\":1},\"last\":1}|INVALID_REQUEST",
                "{\"type\":\"resume\",\"positions\":[]}|INVALID_REQUEST",
                "{\"type\":\"resume\",\"positions\":{\"c\":{\"epoch\":[[{}]]}}}|INVALID_REQUEST",
                "{\"type\":\"resume\",\"positions\":{\"a b\":{\"epoch\":\"e\",\"offset\":1}}}|INVALID_CHANNEL",
                "{\"type\":\"history\",\"channel\":\"c\",\"limit\":0}|INVALID_REQUEST"
            })
    void whatIsWrongIsRefusedWithTheMessageId(String text, ErrorCode code) {
        assertThat(refused(text).code()).isEqualTo(code);
        if (text.startsWith("{\"") && !text.contains("messageId")) {
            String withId = text.substring(0, text.length() - 1) + ",\"messageId\":\"late\"}";
            assertThat(refused(withId).messageId()).isEqualTo("late");
        }
    }

    @Test
    void aVeryLongChannelIsRefused() {
        assertThat(refused("{\"type\":\"subscribe\",\"channel\":\"" + "c".repeat(10_000) + "\"}")
                        .code())
                .isEqualTo(ErrorCode.INVALID_CHANNEL);
    }

    private static String nested(int depth) {
        return "{\"type\":\"broadcast\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private static Command parse(String text) throws ProtocolException {
        return CommandParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Command.Broadcast broadcast(String text) throws ProtocolException {
        return (Command.Broadcast) parse(text);
    }

    private static ProtocolException refused(String text) {
        ProtocolException refusal = catchThrowableOfType(ProtocolException.class, () -> parse(text));
        assertThat(refusal).as(text).isNotNull();
        return refusal;
    }
}
