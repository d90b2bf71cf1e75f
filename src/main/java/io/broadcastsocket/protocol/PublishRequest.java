package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.broadcastsocket.model.ChannelName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backend asks to publish by HTTP: one publication to one or more channels.
 *
 * @param channels at least one
 * @param messageId idempotency key, or null
 * @param data the application's JSON, byte for byte
 */
public record PublishRequest(List<String> channels, String messageId, byte[] data) {
    /** Most publications in one request, counted once for each channel. */
    public static final int MAX_REQUESTS = 1000;

    /**
     * Most bytes of data in one request, counted once for each channel, since each has its own encoding; a body that is
     * larger itself may have as many as it has.
     */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    public PublishRequest {
        channels = List.copyOf(channels);
    }

    /**
     * Reads the body of a request: one object, or an array of them. Nothing is accepted of a body with a mistake in it.
     *
     * @param maxDataBytes largest data of a publication
     */
    public static List<PublishRequest> parse(byte[] body, int maxDataBytes) throws ProtocolException {
        try (JsonParser parser = RawJson.parser(body)) {
            List<PublishRequest> requests = new ArrayList<>();
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                requests.add(one(parser, body, maxDataBytes));
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT && requests.size() < MAX_REQUESTS) {
                    requests.add(one(parser, body, maxDataBytes));
                }
            }
            if (requests.isEmpty()
                    || parser.currentToken().isStructStart()
                    || parser.currentToken().isScalarValue()) {
                throw refuse("the body must be an object, or an array of 1 to " + MAX_REQUESTS + " objects");
            }
            if (parser.nextToken() != null) {
                throw new ProtocolException(ErrorCode.INVALID_JSON, "there is more after the end of the JSON", null);
            }
            checkTogether(requests, body.length);
            return requests;
        } catch (IOException e) {
            throw new ProtocolException(
                    ErrorCode.INVALID_JSON,
                    "the body is not valid JSON, or nested deeper than " + RawJson.MAX_DEPTH,
                    null);
        } catch (FieldReader.WrongField e) {
            throw refuse(e.getMessage());
        }
    }

    /**
     * Checks what came in fields of their own by the same rules.
     *
     * @param messageId idempotency key, or null
     * @param data one JSON document; white space around it is left out
     * @param maxDataBytes largest data of a publication
     */
    public static PublishRequest of(String channel, String messageId, byte[] data, int maxDataBytes)
            throws ProtocolException {
        checkChannel(channel, messageId);
        checkSize(data, maxDataBytes, messageId);
        if (messageId != null && (messageId.isEmpty() || messageId.length() > CommandParser.MAX_MESSAGE_ID)) {
            throw refuse("the id must have 1 to " + CommandParser.MAX_MESSAGE_ID + " characters");
        }
        return new PublishRequest(List.of(channel), messageId, RawJson.document(data));
    }

    private static PublishRequest one(JsonParser parser, byte[] body, int maxDataBytes)
            throws IOException, FieldReader.WrongField, ProtocolException {
        FieldReader reader = new FieldReader(parser);
        String channel = null;
        List<String> more = List.of();
        String messageId = null;
        byte[] data = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "channel" -> channel = reader.string(name, Integer.MAX_VALUE);
                case "channels" -> more = reader.strings(name, MAX_REQUESTS);
                case "messageId" -> messageId = reader.string(name, CommandParser.MAX_MESSAGE_ID);
                case "data" -> data = RawJson.cut(parser, body);
                default -> parser.skipChildren();
            }
        }
        if (data == null) {
            throw refuse("\"data\" is missing");
        }
        checkSize(data, maxDataBytes, messageId);
        List<String> channels = new ArrayList<>(more);
        if (channel != null || more.isEmpty()) {
            channels.add(0, channel == null ? ChannelName.EVERYONE : channel);
        }
        for (String name : channels) {
            checkChannel(name, messageId);
        }
        return new PublishRequest(channels, messageId, data);
    }

    private static void checkSize(byte[] data, int maxDataBytes, String messageId) throws ProtocolException {
        if (data.length > maxDataBytes) {
            throw new ProtocolException(
                    ErrorCode.MESSAGE_TOO_LARGE, "\"data\" has more than " + maxDataBytes + " bytes", messageId);
        }
    }

    private static void checkChannel(String channel, String messageId) throws ProtocolException {
        if (!ChannelName.isValid(channel)) {
            throw new ProtocolException(
                    ErrorCode.INVALID_CHANNEL,
                    "a channel name has 1 to " + ChannelName.MAX_LENGTH + " characters out of A-Z a-z 0-9 _-.:/@#=+~,",
                    messageId);
        }
    }

    private static void checkTogether(List<PublishRequest> requests, int bodyBytes) throws ProtocolException {
        long publications = 0;
        long bytes = 0;
        for (PublishRequest request : requests) {
            publications += request.channels().size();
            bytes += (long) request.channels().size() * request.data().length;
        }
        if (publications > MAX_REQUESTS) {
            throw refuse("one request may have " + MAX_REQUESTS + " publications, counted once for each channel");
        }
        if (bytes > Math.max(MAX_BYTES, bodyBytes)) {
            throw new ProtocolException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "one request may publish " + MAX_BYTES + " bytes of data, counted once for each channel",
                    null);
        }
    }

    private static ProtocolException refuse(String message) {
        return new ProtocolException(ErrorCode.INVALID_REQUEST, message, null);
    }
}
