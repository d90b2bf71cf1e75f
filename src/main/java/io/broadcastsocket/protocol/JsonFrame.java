package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds the text frame of a reply or push by writing its JSON. */
final class JsonFrame extends ByteArrayOutputStream {
    /** Writes the fields of the message's object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonFrame() {
        super(256);
        count = FrameHeader.MAX_LENGTH;
    }

    /** A complete frame. */
    static byte[] of(Fields fields) {
        JsonFrame frame = written(fields);
        return frame.close(frame.count - FrameHeader.MAX_LENGTH);
    }

    /** Only the JSON document. */
    static byte[] document(Fields fields) {
        JsonFrame frame = written(fields);
        return Arrays.copyOfRange(frame.buf, FrameHeader.MAX_LENGTH, frame.count);
    }

    private static JsonFrame written(Fields fields) {
        JsonFrame frame = new JsonFrame();
        try (JsonGenerator json = RawJson.FACTORY.createGenerator(frame)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frame;
    }

    /** Copies raw JSON into the object, as the value of a field whose name was written. */
    static void raw(JsonGenerator json, byte[] source, int start, int length) throws IOException {
        json.writeRawValue(new String(source, start, length, StandardCharsets.UTF_8));
    }

    private byte[] close(int payload) {
        int start = FrameHeader.MAX_LENGTH - FrameHeader.length(payload);
        FrameHeader.writeText(buf, start, payload);
        return Arrays.copyOfRange(buf, start, count);
    }
}
