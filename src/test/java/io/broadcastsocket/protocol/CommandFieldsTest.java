package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.Command.Echo;
import io.broadcastsocket.protocol.Command.Start;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandFieldsTest {
    @Nested
    class Subscribe {
        @Test
        void withoutChannelMeansEveryone() throws ProtocolException {
            assertThat(parse("{'type':'subscribe'}")).isEqualTo(new Command.Subscribe(null, "*", new Start.Live()));
        }

        @Test
        void beginsLiveAfterAPositionOrWithTheLast() throws ProtocolException {
            assertThat(parse("{'type':'subscribe','channel':'a','messageId':'m'}"))
                    .isEqualTo(new Command.Subscribe("m", "a", new Start.Live()));
            assertThat(parse("{'type':'subscribe','channel':'a','since':{'epoch':'e','offset':7}}"))
                    .isEqualTo(new Command.Subscribe(null, "a", new Start.Since(new Position("e", 7))));
            assertThat(parse("{'type':'subscribe','channel':'a','last':10}"))
                    .isEqualTo(new Command.Subscribe(null, "a", new Start.Last(10)));
            assertThat(parse("{'type':'subscribe','channel':'a','last':0}"))
                    .isEqualTo(new Command.Subscribe(null, "a", new Start.Last(0)));
        }

        @Test
        void sinceAndLastExcludeEachOther() {
            assertThat(refused("{'type':'subscribe','last':1,'since':{'epoch':'e','offset':7}}"))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void offsetsPassThroughBeyondWhatADoubleCanTell() throws ProtocolException {
            assertThat(parse("{'type':'subscribe','since':{'epoch':'e','offset':9007199254740993}}"))
                    .isEqualTo(new Command.Subscribe(
                            null, "*", new Start.Since(new Position("e", 9_007_199_254_740_993L))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "9223372036854775807",
                    "9223372036854775808",
                    "9999999999999999999",
                    "18446744073709551617",
                    "100000000000000000000000",
                    "-1",
                    "1.0",
                    "1e3",
                    "'7'",
                    "null",
                    "true",
                    "[7]",
                    "{}"
                })
        void offsetsThatNoPositionCanHaveAreRefused(String offset) {
            assertThat(refused("{'type':'subscribe','since':{'epoch':'e','offset':" + offset + "}}"))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void fieldsOfAPositionThatAreUnknownAreIgnored() throws ProtocolException {
            assertThat(parse("{'type':'subscribe','since':{'x':[{'offset':1}],'epoch':'e','y':null,'offset':7}}"))
                    .isEqualTo(new Command.Subscribe(null, "*", new Start.Since(new Position("e", 7))));
        }
    }

    @Nested
    class OtherCommands {
        @Test
        void unsubscribePongHistoryAndBroadcastAreRead() throws ProtocolException {
            assertThat(parse("{'type':'unsubscribe','channel':'a'}")).isEqualTo(new Command.Unsubscribe(null, "a"));
            assertThat(parse("{'type':'pong','messageId':'p'}")).isEqualTo(new Command.Pong("p"));
            assertThat(parse("{'type':'history','channel':'a'}"))
                    .isEqualTo(new Command.History(null, "a", Optional.empty(), 100));
            assertThat(parse("{'type':'history','channel':'a','limit':5,'since':{'epoch':'e','offset':0}}"))
                    .isEqualTo(new Command.History(null, "a", Optional.of(new Position("e", 0)), 5));
        }

        @Test
        void echoIsOnUnlessItIsTurnedOff() throws ProtocolException {
            assertThat(broadcast("{'type':'broadcast','data':1}").echo()).isEqualTo(Echo.ON);
            assertThat(broadcast("{'type':'broadcast','data':1,'echo':true}").echo())
                    .isEqualTo(Echo.ON);
            assertThat(broadcast("{'type':'broadcast','data':1,'echo':false}").echo())
                    .isEqualTo(Echo.OFF);
        }

        @Test
        void resumeNamesASessionAndPositions() throws ProtocolException {
            assertThat(parse("{'type':'resume','session':'s','positions':{'a':{'epoch':'e','offset':1},"
                            + "'b':{'offset':2,'epoch':'f'}}}"))
                    .isEqualTo(new Command.Resume(
                            null, Optional.of("s"), Map.of("a", new Position("e", 1), "b", new Position("f", 2))));
            assertThat(parse("{'type':'resume'}")).isEqualTo(new Command.Resume(null, Optional.empty(), Map.of()));
        }

        @Test
        void resumeRefusesAChannelThatCannotBe() {
            assertThat(refused("{'type':'resume','positions':{'a b':{'epoch':'e','offset':1}}}"))
                    .isEqualTo(ErrorCode.INVALID_CHANNEL);
        }

        @Test
        void broadcastNeedsData() {
            assertThat(refused("{'type':'broadcast','channel':'a'}")).isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a b", "$canary", "a\\u0000", "ä", "a*"})
        void channelsOutsideTheAlphabetAreRefused(String channel) {
            for (String type : new String[] {"subscribe", "unsubscribe", "history", "broadcast"}) {
                assertThat(refused("{'type':'" + type + "','data':1,'channel':'" + channel + "'}"))
                        .isEqualTo(ErrorCode.INVALID_CHANNEL);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"'Subscribe'", "'message'", "' subscribe'", "'x'"})
        void unknownTypesAreRefusedAsSuch(String type) {
            assertThat(refused("{'type':" + type + "}")).isEqualTo(ErrorCode.UNKNOWN_TYPE);
        }
    }

    @Nested
    class Fields {
        @Test
        void unknownOnesAreIgnoredWhateverTheyHold() throws ProtocolException {
            assertThat(parse("{'x':{'type':'pong'},'y':[[],{'data':1}],'type':'unsubscribe','z':1e999,'channel':'a'}"))
                    .isEqualTo(new Command.Unsubscribe(null, "a"));
        }

        @Test
        void theNameOfAnUnknownOneMayBeginWithAnyCharacter() throws ProtocolException {
            assertThat(parse("{'\uFF01':1,'type':'pong'}")).isEqualTo(new Command.Pong(null));
            assertThat(parse("{'😀':1,'type':'pong'}")).isEqualTo(new Command.Pong(null));
        }

        @Test
        void theLastOfSeveralCountsAlsoWhenOneBeforeItWasWrong() throws ProtocolException {
            assertThat(parse(
                            "{'type':7,'type':'subscribe','channel':[[1],2],'channel':'a','messageId':{},'messageId':'m',"
                                    + "'last':-1,'last':3}"))
                    .isEqualTo(new Command.Subscribe("m", "a", new Start.Last(3)));
            assertThat(
                            parse(
                                    "{'type':'subscribe','since':3,'since':{'epoch':[{}],'epoch':'e','offset':'x','offset':7}}"))
                    .isEqualTo(new Command.Subscribe(null, "*", new Start.Since(new Position("e", 7))));
            assertThat(parse("{'type':'resume','positions':{'a':{'offset':[1]},'a':{'epoch':'e','offset':1}}}"))
                    .isEqualTo(new Command.Resume(null, Optional.empty(), Map.of("a", new Position("e", 1))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "'type':'unsubscribe','type':7",
                    "'type':'unsubscribe','channel':'a','channel':{'b':[]}",
                    "'type':'subscribe','since':{'epoch':'e','offset':7},'since':3",
                    "'type':'subscribe','since':{'epoch':'e','offset':7,'offset':-1}",
                    "'type':'resume','positions':{'a':{'epoch':'e','offset':1},'a':{'epoch':'e'}}",
                    "'type':'subscribe','channel':7,'last':-1,'last':1"
                })
        void theLastOfSeveralCountsAlsoWhenItIsWrong(String fields) {
            assertThat(refused("{" + fields + "}")).isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void aMessageIdThatWasRightBeforeAWrongOneIsNotInTheReply() {
            assertThat(refusal("{'type':'pong','messageId':'m','messageId':7}").messageId())
                    .isNull();
        }

        @Test
        void theLastOfSeveralCounts() throws ProtocolException {
            Command.Broadcast command = broadcast("{'type':'pong','channel':'a','data':1,'messageId':'m','type':"
                    + "'broadcast','channel':'b','data':{'x':2},'messageId':'n'}");
            assertThat(command.channel()).isEqualTo("b");
            assertThat(command.messageId()).isEqualTo("n");
            assertThat(command.data()).asString().isEqualTo("{\"x\":2}");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
            type      | 5, null, true, [], {}, '', 'a-type-that-is-longer-than-any-other'
            messageId | 5, null, true, [], {'a':[1]}, ''
            channel   | 5, null, true, [], {}, ''
            since     | 5, null, 'e', [], {}, {'epoch':'e'}, {'offset':1}, {'epoch':5,'offset':1}, {'epoch':'','offset':1}
            last      | '5', null, -1, 1001, 1.5, [], {}
            limit     | '5', null, -1, 1001, 1.5, [], {}
            echo      | 'true', null, 1, [], {}
            presence  | 'true', null, 1, [], {}
            after     | 5, null, true, [], {}, ''
            session   | 5, null, [], {}, ''
            positions | 5, null, 'e', [], {'a':5}, {'a':{'epoch':'e'}}, {'a':{'epoch':'e','offset':-1}}
            """)
        void aWrongValueIsRefusedAndNamesTheField(String field, String values) {
            // Commas inside brackets belong to the value.
            for (String value : values.split(", ")) {
                String type = field.equals("type") ? "" : ",'type':'subscribe'";
                String messageId = field.equals("messageId") ? "" : ",'messageId':'m1'";
                ProtocolException refused = refusal("{'" + field + "':" + value + messageId + type + ",'x':[1]}");
                assertThat(refused.code()).as(value).isEqualTo(ErrorCode.INVALID_REQUEST);
                assertThat(refused.getMessage()).as(value).contains("\"" + field);
                assertThat(refused.messageId()).as(value).isEqualTo(messageId.isEmpty() ? null : "m1");
            }
        }

        @Test
        void aPageOfHistoryHasAtLeastOnePublicationAndOneOfPresenceMayHaveNone() throws ProtocolException {
            assertThat(refusal("{'type':'history','limit':0}").getMessage()).contains("from 1 to 1000");
            assertThat(parse("{'type':'presence','limit':0}")).isEqualTo(new Command.Presence(null, "*", "", 0));
        }

        @Test
        void whatAClientShowsOfItselfIsCutOutByteForByte() throws ProtocolException {
            assertThat(((Command.Subscribe) parse("{'type':'subscribe','info': {'n' : 1.0e400, 'ü':'\\ud800'} }"))
                            .info())
                    .contains("{\"n\" : 1.0e400, \"ü\":\"\\ud800\"}");
            assertThat(((Command.Subscribe) parse("{'type':'subscribe','info':null}")).info())
                    .contains("null");
            assertThat(((Command.Subscribe) parse("{'type':'subscribe'}")).info())
                    .isEmpty();
        }

        @Test
        void aMessageIdHasAtMostOneHundredAndTwentyEightCharacters() throws ProtocolException {
            assertThat(parse("{'type':'pong','messageId':'" + "x".repeat(128) + "'}")
                            .messageId())
                    .hasSize(128);
            assertThat(refused("{'type':'pong','messageId':'" + "x".repeat(129) + "'}"))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\ud800", "a\\udc00b", "\\udc00\\ud800", "\\ud800\\ud800"})
        void aMessageIdThatIsNoUnicodeTextIsRefused(String id) {
            assertThat(refused("{'type':'broadcast','data':1,'messageId':'" + id + "'}"))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }

        @Test
        void aMessageIdMayHaveEscapesAndAnyUnicode() throws ProtocolException {
            assertThat(parse("{'type':'pong','messageId':'\\u0000\\n\\\"\\ud83d\\ude00ä'}")
                            .messageId())
                    .isEqualTo("\0\n\"😀ä");
        }
    }

    @Nested
    class Errors {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'last':'x','messageId':'m','type':'subscribe'}",
                    "{'since':{'epoch':['x'],'offset':{}},'messageId':'m','type':'subscribe'}",
                    "{'positions':{'a':{'epoch':'e','offset':[[{}]]}},'messageId':'m','type':'resume'}",
                    "{'positions':{'a':{'epoch':'e','offset':1},'b':{'offset':'1'},'c':1},'messageId':'m','type':'x'}",
                    "{'type':{'messageId':'inner'},'messageId':'m'}",
                    "{'messageId':'m'}",
                    "{'messageId':'m','type':'nonsense'}",
                    "{'messageId':'m','type':'broadcast'}",
                    "{'messageId':'m','type':'subscribe','channel':'a b'}",
                    "{'messageId':'m','type':'subscribe'} x",
                    "{'messageId':'m','type':'subscribe',}"
                })
        void carryTheMessageIdWhereverItStands(String text) {
            assertThat(refusal(text).messageId()).isEqualTo("m");
        }

        @Test
        void nameTheFirstOfSeveralWrongFields() {
            assertThat(refusal("{'limit':-1,'last':'x','type':'subscribe'}").getMessage())
                    .contains("limit");
        }

        @Test
        void neverCarryAMessageIdFromInsideAnotherValue() {
            assertThat(refusal("{'positions':{'messageId':{'epoch':5}},'data':{'messageId':'inner'}}")
                            .messageId())
                    .isNull();
        }
    }

    static Command parse(String text) throws ProtocolException {
        return CommandParser.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Command.Broadcast broadcast(String text) throws ProtocolException {
        return (Command.Broadcast) parse(text);
    }

    private static ErrorCode refused(String text) {
        return refusal(text).code();
    }

    private static ProtocolException refusal(String text) {
        try {
            throw new AssertionError("was taken: " + parse(text));
        } catch (ProtocolException e) {
            return e;
        }
    }
}
