package io.broadcastsocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md and the conformance suite against each other. */
class ProtocolExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

    /** What the embedded broker never does, and what no client can do. */
    private static final Set<ErrorCode> NEVER_SENT = Set.of(ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL_ERROR);

    /** Only over HTTP; {@code HttpBroadcastIT} shows it. */
    private static final Set<ErrorCode> OVER_HTTP = Set.of(ErrorCode.MESSAGE_TOO_LARGE);

    /** Need frames that a proper WebSocket client cannot send, or a client that does not read: other tests show them. */
    private static final Set<CloseCode> ELSEWHERE = Set.of(
            CloseCode.TRY_AGAIN_LATER,
            CloseCode.PROTOCOL_ERROR,
            CloseCode.INVALID_UTF8,
            CloseCode.INTERNAL_ERROR,
            CloseCode.HEARTBEAT_TIMEOUT,
            CloseCode.SLOW_CONSUMER);

    private final List<Scenario> suite = Scenario.all();
    private final String document = read();

    @Test
    void everyExampleIsAMessageOfTheSuite() {
        List<JsonObject> patterns = suite.stream()
                .flatMap(scenario -> Stream.concat(scenario.sent(), scenario.expected()))
                .toList();
        List<String> examples =
                EXAMPLE.matcher(document).results().map(found -> found.group(1)).toList();
        assertThat(examples).hasSizeGreaterThan(20).allSatisfy(example -> assertThat(patterns)
                .as(example)
                .anySatisfy(pattern -> assertThat(MessagePattern.mismatch(pattern, example, new HashMap<>()))
                        .isEmpty()));
    }

    @Test
    void everyScenarioBelongsToASection() {
        List<String> headings =
                HEADING.matcher(document).results().map(MatchResult::group).toList();
        assertThat(suite).allSatisfy(scenario -> assertThat(headings)
                .as(scenario.name())
                .anyMatch(heading -> heading.replaceFirst("^#+ ", "").equals(scenario.section())));
    }

    @Test
    void everyMessageHasASectionAndAScenarioOfIt() {
        Set<String> sections = suite.stream().map(Scenario::section).collect(Collectors.toSet());
        List<String> messages = document.lines()
                .dropWhile(line -> !line.equals("## Messages"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();
        assertThat(sections).containsAll(messages);
    }

    @Test
    void everyErrorCodeThatAClientCanProvokeIsProvoked() {
        Set<String> provoked = new TreeSet<>();
        suite.stream()
                .flatMap(Scenario::expected)
                .filter(pattern -> "error".equals(pattern.getString("type")))
                .forEach(pattern -> provoked.add(pattern.getJsonObject("data").getString("code")));
        assertThat(Stream.of(ErrorCode.values())
                        .filter(code -> !NEVER_SENT.contains(code) && !OVER_HTTP.contains(code))
                        .map(ErrorCode::code))
                .containsExactlyInAnyOrderElementsOf(provoked);
    }

    @Test
    void everyCloseCodeThatAClientCanProvokeIsProvoked() {
        Set<Integer> provoked = suite.stream().flatMap(Scenario::closed).collect(Collectors.toSet());
        assertThat(Stream.of(CloseCode.values())
                        .filter(code -> !ELSEWHERE.contains(code))
                        .map(CloseCode::status))
                .containsExactlyInAnyOrderElementsOf(provoked);
    }

    @Test
    void everyTypeOfMessageIsSentAndReceived() {
        assertThat(types(suite.stream().flatMap(Scenario::sent)))
                .contains("subscribe", "unsubscribe", "broadcast", "resume", "history", "presence", "pong");
        assertThat(types(suite.stream().flatMap(Scenario::expected)))
                .containsExactlyInAnyOrder("ack", "message", "error", "ping", "gap", "drain", "join", "leave");
    }

    private static Set<String> types(Stream<JsonObject> messages) {
        return messages.map(message -> message.getString("type"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static String read() {
        try {
            return Files.readString(Path.of("PROTOCOL.md"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
