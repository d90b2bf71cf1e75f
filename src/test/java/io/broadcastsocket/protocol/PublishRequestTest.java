package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishRequestTest {
    @Test
    void readsOneOrManyWithOneOrManyChannels() throws ProtocolException {
        assertThat(parse("{\"data\":{\"a\": 1e400}}").get(0).channels()).containsExactly("*");
        List<PublishRequest> many = parse(
                "[{\"channel\":\"a\",\"data\":1,\"messageId\":\"m\"},{\"channels\":[\"b\",\"c\"],\"data\":\"\u00e9\"}]");
        assertThat(many).hasSize(2);
        assertThat(many.get(0).messageId()).isEqualTo("m");
        assertThat(many.get(1).channels()).containsExactly("b", "c");
        assertThat(new String(many.get(1).data(), StandardCharsets.UTF_8)).isEqualTo("\"\u00e9\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|INVALID_REQUEST",
                "[]|INVALID_REQUEST",
                "1|INVALID_REQUEST",
                "null|INVALID_REQUEST",
                "[1]|INVALID_REQUEST",
                "[{\"data\":1},2]|INVALID_REQUEST",
                "{}|INVALID_REQUEST",
                "{\"data\":1|INVALID_JSON",
                "[{\"data\":1}|INVALID_JSON",
                "{\"data\":1} 2|INVALID_JSON",
                "{\"data\":1,\"channels\":[]}|INVALID_REQUEST",
                "{\"data\":1,\"channels\":\"a\"}|INVALID_REQUEST",
                "{\"data\":1,\"channel\":\"a b\"}|INVALID_CHANNEL",
                "{\"data\":\"01234567890123456789\"}|MESSAGE_TOO_LARGE"
            })
    void nothingIsAcceptedOfABodyWithAMistake(String body, ErrorCode code) {
        ProtocolException refusal = catchThrowableOfType(ProtocolException.class, () -> parse(body));
        assertThat(refusal).as(body).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
    }

    @Test
    void theLastOfSeveralFieldsCounts() throws ProtocolException {
        assertThat(parse("{\"channel\":\"a\",\"channels\":[\"b\"],\"data\":1,\"channels\":[\"c\"],\"channel\":\"d\"}")
                        .get(0)
                        .channels())
                .containsExactly("d", "c");
    }

    @Test
    void aThousandAndOneAreTooMany() {
        String body = "[" + "{\"data\":1},".repeat(1000) + "{\"data\":1}]";
        assertThat(catchThrowableOfType(ProtocolException.class, () -> parse(body))
                        .code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void everyChannelCountsAsAPublication() throws ProtocolException {
        String channels = "\"channels\":[\"a\"" + ",\"a\"".repeat(499) + "]";
        String half = "{\"data\":1," + channels + "}";
        assertThat(parse("[" + half + "," + half + "]")).hasSize(2);
        ProtocolException refusal =
                catchThrowableOfType(ProtocolException.class, () -> parse("[" + half + "," + half + ",{\"data\":1}]"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refusal).hasMessageContaining("1000 publications");
    }

    @Test
    void theBytesOfAllPublicationsTogetherAreBounded() throws ProtocolException {
        int channels = 1000;
        int most = PublishRequest.MAX_BYTES / channels;
        assertThat(PublishRequest.parse(body(most, channels), most)).hasSize(1);
        ProtocolException refusal = catchThrowableOfType(
                ProtocolException.class, () -> PublishRequest.parse(body(most + 1, channels), most + 1));
        assertThat(refusal.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void aLargeBodyWithoutCopiesIsAllowed() throws ProtocolException {
        int size = PublishRequest.MAX_BYTES + 1;
        assertThat(PublishRequest.parse(body(size, 1), size)).hasSize(1);
    }

    /** One publication with data of so many bytes to so many channels. */
    private static byte[] body(int dataBytes, int channels) {
        return ("{\"channels\":[\"a\"" + ",\"a\"".repeat(channels - 1) + "],\"data\":\"" + "x".repeat(dataBytes - 2)
                        + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<PublishRequest> parse(String body) throws ProtocolException {
        return PublishRequest.parse(body.getBytes(StandardCharsets.UTF_8), 20);
    }
}
