package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON that must stay as the sender wrote it: values of which only the bytes are wanted are cut out, not parsed.
 *
 * <p>Thread-safe.
 */
final class RawJson {
    /** Deepest nesting of a document. */
    static final int MAX_DEPTH = 64;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // Length is bounded by the message; a long number or string inside data is the application's
                    // business.
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, false)
            .build();

    private RawJson() {}

    /** A parser over a UTF-8 document. Refuses what would make Jackson guess at another encoding. */
    static JsonParser parser(byte[] document) throws IOException {
        boolean guessable = document.length > 0 && document[0] == (byte) 0xEF;
        for (int i = 0; i < Math.min(4, document.length); i++) {
            guessable |= document[i] == 0;
        }
        if (guessable) {
            throw new IOException("the document does not begin as JSON in UTF-8");
        }
        return FACTORY.createParser(document);
    }

    /** The bytes of the one value that a document consists of. */
    static byte[] document(byte[] document) throws ProtocolException {
        // Data goes to subscribers as it came, and invalid UTF-8 in a text frame makes them fail the connection.
        if (!ByteBufUtil.isText(Unpooled.wrappedBuffer(document), StandardCharsets.UTF_8)) {
            throw new ProtocolException(ErrorCode.INVALID_JSON, "\"data\" is not valid UTF-8", null);
        }
        try (JsonParser parser = parser(document)) {
            byte[] value = parser.nextToken() == null ? new byte[0] : cut(parser, document);
            if (value.length > 0 && parser.nextToken() == null) {
                return value;
            }
        } catch (IOException e) {
            throw new ProtocolException(
                    ErrorCode.INVALID_JSON, "\"data\" is not valid JSON, or nested deeper than " + MAX_DEPTH, null);
        }
        throw new ProtocolException(ErrorCode.INVALID_JSON, "\"data\" must be one JSON document", null);
    }

    /** Cuts out the bytes of the value that the parser stands on, and moves to its end. */
    static byte[] cut(JsonParser parser, byte[] document) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return Arrays.copyOfRange(document, start, end);
    }
}
