package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.testing.Publications;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepliesTest {
    private static final Position TOP = new Position("e", 9);
    private static final Gap TRIMMED = new Gap("a", 3, 5, Gap.Reason.TRIMMED, new Position("e", 5));

    @Nested
    class Acks {
        @Test
        void aWelcomeTellsTheLimits() {
            Replies.Welcome welcome = new Replies.Welcome(
                    "c", "s", true, "n", 1, 2, 3, 4, 5, List.of(new Replies.Subscribed("*", TOP, true, 0)));
            assertThat(json(Replies.welcome(welcome, 10)))
                    .isEqualTo("{'type':'ack','data':{'clientId':'c','session':'s','resumed':true,'node':'n',"
                            + "'heartbeatMs':1,'maxMessageBytes':2,'maxChannels':3,'spreadMs':4,'sessionTtlMs':5,"
                            + "'subscriptions':{'*':{'epoch':'e','offset':9,'recovered':true}}},'timestamp':10}");
        }

        @Test
        void ofASubscriptionTellsThePosition() {
            assertThat(json(Replies.subscribed("m", new Replies.Subscribed("a", TOP, false, 0), 10)))
                    .isEqualTo("{'type':'ack','channel':'a','messageId':'m','data':{'epoch':'e','offset':9,"
                            + "'recovered':false},'timestamp':10}");
        }

        @Test
        void ofASubscriptionTellsWhatMayComeAgain() {
            assertThat(json(Replies.subscribed("m", new Replies.Subscribed("a", TOP, true, 2), 10)))
                    .contains("'recovered':true,'redelivered':2}");
        }

        @Test
        void withoutMessageIdLeaveItOut() {
            assertThat(json(Replies.unsubscribed(null, "a", 10)))
                    .isEqualTo("{'type':'ack','channel':'a','data':{},'timestamp':10}");
        }

        @Test
        void ofABroadcastTellWhereItStandsAndWhatItSurvives() {
            Accepted accepted = new Accepted("a", "m", TOP, Accepted.Durability.REPLICATED, Accepted.Outcome.DUPLICATE);
            assertThat(json(Replies.accepted(accepted, 10)))
                    .isEqualTo("{'type':'ack','channel':'a','messageId':'m','data':{'epoch':'e','offset':9,"
                            + "'durability':'replicated','duplicate':true},'timestamp':10}");
        }

        @Test
        void ofAResumeTellWhatWasRefused() {
            Replies.Refused refused = new Replies.Refused("b", ErrorCode.CHANNEL_LIMIT, "too many");
            assertThat(json(Replies.resumed("m", "c", "s", List.of(), List.of(refused), 10)))
                    .isEqualTo("{'type':'ack','messageId':'m','data':{'clientId':'c','session':'s','subscriptions':{},"
                            + "'refused':{'b':{'code':'channel-limit','message':'too many'}}},'timestamp':10}");
        }

        @Test
        void ofAHistoryCarryTheDataByteForByte() {
            Publication publication = Publications.at("a", "e", 8, "{ \"n\" : 1e400, \"s\":\"\\u00e4ä\" }", 7);
            assertThat(raw(Replies.history("m", "a", List.of(publication), TOP, null, 10)))
                    .isEqualTo("{\"type\":\"ack\",\"channel\":\"a\",\"messageId\":\"m\",\"data\":{\"epoch\":\"e\","
                            + "\"offset\":9,\"publications\":[{\"offset\":8,\"messageId\":\"m8\",\"timestamp\":7,"
                            + "\"data\":{ \"n\" : 1e400, \"s\":\"\\u00e4ä\" }}]},\"timestamp\":10}");
        }

        @Test
        void ofAHistoryTellTheGapBeforeIt() {
            assertThat(json(Replies.history(null, "a", List.of(), TOP, TRIMMED, 10)))
                    .contains("'publications':[],'gap':{'from':3,'to':5,'reason':'trimmed','epoch':'e','offset':5}}");
        }
    }

    @Nested
    class Errors {
        @Test
        void haveACodeAndAMessage() {
            assertThat(json(Replies.error("m", ErrorCode.UNKNOWN_TYPE, "what?", 10)))
                    .isEqualTo("{'type':'error','messageId':'m','data':{'code':'unknown-type','message':'what?'},"
                            + "'timestamp':10}");
        }

        @Test
        void mayTellWhenToTryAgain() {
            assertThat(json(Replies.error(null, ErrorCode.RATE_LIMITED, "slower", 250, 10)))
                    .isEqualTo("{'type':'error','data':{'code':'rate-limited','message':'slower','retryAfterMs':250},"
                            + "'timestamp':10}");
        }

        @Test
        void escapeWhatTheyRepeat() {
            assertThat(raw(Replies.error("\"\n\ud800", ErrorCode.INVALID_JSON, "x", 10)))
                    .contains("\"messageId\":\"\\\"\\n\\uD800\"");
        }

        @ParameterizedTest
        @EnumSource
        void codesAreLowerCaseWords(ErrorCode code) {
            assertThat(code.code()).matches("[a-z]+(-[a-z]+)*");
        }
    }

    @Nested
    class Pushes {
        @Test
        void aPingIsATypeAndATime() {
            assertThat(json(Replies.ping(10))).isEqualTo("{'type':'ping','timestamp':10}");
        }

        @Test
        void aDrainTellsHowLongThereIs() {
            assertThat(json(Replies.drain(1, 2, 10)))
                    .isEqualTo("{'type':'drain','data':{'spreadMs':1,'deadlineMs':2},'timestamp':10}");
        }

        @Test
        void aPlainClientGetsAGapAsAnError() {
            assertThat(json(Dialect.PLAIN.gap(TRIMMED, 10)))
                    .isEqualTo("{'type':'error','channel':'a','data':{'code':'gap','message':'publications of this"
                            + " channel were lost to this connection','from':3,'to':5,'reason':'trimmed','epoch':'e',"
                            + "'offset':5},'timestamp':10}");
        }

        @Test
        void aClientOfTheFirstVersionGetsAGapAsSuch() {
            assertThat(json(Dialect.V1.gap(TRIMMED, 10)))
                    .isEqualTo("{'type':'gap','channel':'a','data':{'from':3,'to':5,'reason':'trimmed','epoch':'e',"
                            + "'offset':5},'timestamp':10}");
        }

        @Test
        void theSubprotocolChoosesTheDialect() {
            assertThat(Dialect.negotiate(List.of())).isEqualTo(Dialect.PLAIN);
            assertThat(Dialect.negotiate(List.of("graphql-ws"))).isEqualTo(Dialect.PLAIN);
            assertThat(Dialect.negotiate(List.of("graphql-ws", "broadcast.v1"))).isEqualTo(Dialect.V1);
        }
    }

    @Test
    void aHistoryDocumentIsTheSameWithoutAFrame() {
        byte[] document =
                HistoryDocument.encode("a", List.of(Publications.at("a", "e", 9, "1", 7)), TOP, Optional.empty());
        assertThat(new String(document, StandardCharsets.UTF_8).replace('"', '\''))
                .isEqualTo("{'channel':'a','epoch':'e','offset':9,'publications':"
                        + "[{'offset':9,'messageId':'m9','timestamp':7,'data':1}]}");
    }

    @Test
    void aReplyOfAnySizeIsOneFrame() {
        for (int size : new int[] {1, 100, 1000, 70_000}) {
            assertThat(raw(Replies.error("m", ErrorCode.GAP, "x".repeat(size), 1)))
                    .contains("x".repeat(size) + "\"}");
        }
    }

    private static String json(byte[] frame) {
        return raw(frame).replace('"', '\'');
    }

    private static String raw(byte[] frame) {
        List<String> texts = new ArrayList<>();
        TextFrames.forEach(Unpooled.wrappedBuffer(frame), texts::add);
        assertThat(texts).hasSize(1);
        return texts.get(0);
    }
}
