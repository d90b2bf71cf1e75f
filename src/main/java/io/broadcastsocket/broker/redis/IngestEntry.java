package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.ProtocolException;
import io.broadcastsocket.protocol.PublishRequest;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What some program added to the ingest stream; nothing of it has been checked.
 *
 * @param entry its id in the stream
 * @param channel or null
 * @param data or null
 * @param id by which its program would know it again, or null
 */
record IngestEntry(String entry, byte[] channel, byte[] data, byte[] id) {
    /** Reads what the script gives. */
    static IngestEntry of(Response fields) {
        return new IngestEntry(
                fields.get(0).toString(), bytes(fields.get(1)), bytes(fields.get(2)), bytes(fields.get(3)));
    }

    /**
     * The publication that it asks for. The entry stands for an id that it does not have, since it may be read twice.
     *
     * @throws ProtocolException when it asks for none that could be broadcast
     */
    Draft draft(int maxDataBytes) throws ProtocolException {
        PublishRequest request = PublishRequest.of(
                text("channel", channel), id == null ? entry : text("id", id), required("data", data), maxDataBytes);
        return new Draft(
                request.channels().get(0), request.data(), request.messageId(), Draft.Identity.PUBLISHER, null);
    }

    private static byte[] bytes(Response field) {
        return field == null ? null : field.toBytes();
    }

    private static byte[] required(String field, byte[] value) throws ProtocolException {
        if (value == null) {
            throw refuse("\"" + field + "\" is missing");
        }
        return value;
    }

    private static String text(String field, byte[] value) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(required(field, value)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refuse("\"" + field + "\" is not valid UTF-8");
        }
    }

    private static ProtocolException refuse(String message) {
        return new ProtocolException(ErrorCode.INVALID_REQUEST, message, null);
    }
}
