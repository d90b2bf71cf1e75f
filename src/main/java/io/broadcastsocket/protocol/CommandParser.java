package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.Command.Echo;
import io.broadcastsocket.protocol.Command.Start;
import io.broadcastsocket.protocol.Command.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the text of one WebSocket message into a {@link Command}.
 *
 * <p>Confined to one parse; {@link #parse} is the way in. Unknown fields are ignored, and of a field that comes twice the
 * last counts, as in {@code JSON.parse}. A wrong field is reported only after the whole document was read, so that the
 * error can name the {@code messageId}.
 */
public final class CommandParser {
    /** Longest {@code messageId}, in characters. */
    public static final int MAX_MESSAGE_ID = 128;

    /** Most publications that {@code last} and {@code limit} may ask for. */
    public static final int MAX_COUNT = 1000;

    private final byte[] document;
    private String messageId;
    private String type;
    private String channel;
    private byte[] data;
    private Position since;
    private int last = -1;
    private int limit = 100;
    private Echo echo = Echo.ON;
    private String session;
    private String info;
    private Watch watch = Watch.UNCHANGED;
    private String after = "";
    private Map<String, Position> positions = Map.of();

    /** What is wrong with each field, as it stands so far. */
    private final Map<String, String> problems = new LinkedHashMap<>(0);

    private CommandParser(byte[] document) {
        this.document = document;
    }

    /**
     * @param document one JSON text in valid UTF-8
     * @throws ProtocolException with {@code invalid-json}, {@code unknown-type}, {@code invalid-channel} or
     *     {@code invalid-request}
     */
    public static Command parse(byte[] document) throws ProtocolException {
        return new CommandParser(document).parse();
    }

    private Command parse() throws ProtocolException {
        try (JsonParser parser = RawJson.parser(document)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw refuse(ErrorCode.INVALID_JSON, "the message is empty");
            }
            if (first != JsonToken.START_OBJECT) {
                parser.skipChildren();
                throw refuse(ErrorCode.INVALID_REQUEST, "a command is a JSON object");
            }
            FieldReader reader = new FieldReader(parser);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                readField(name, parser, reader);
            }
            if (parser.nextToken() != null) {
                throw refuse(ErrorCode.INVALID_JSON, "there is more after the end of the JSON object");
            }
        } catch (IOException e) {
            throw refuse(
                    ErrorCode.INVALID_JSON,
                    "the message is not valid JSON, or nested deeper than " + RawJson.MAX_DEPTH);
        }
        return build();
    }

    private void readField(String name, JsonParser parser, FieldReader reader) throws IOException {
        try {
            switch (name) {
                case "type" -> type = reader.string(name, 32);
                case "messageId" -> messageId = reader.string(name, MAX_MESSAGE_ID);
                case "channel" -> channel = reader.string(name, Integer.MAX_VALUE);
                case "data" -> data = RawJson.cut(parser, document);
                case "since" -> since = reader.position(name);
                case "last" -> last = (int) reader.whole(name, 0, MAX_COUNT);
                case "limit" -> limit = (int) reader.whole(name, 0, MAX_COUNT);
                case "echo" -> echo = reader.bool(name) ? Echo.ON : Echo.OFF;
                case "session" -> session = reader.string(name, 64);
                case "info" -> info = new String(RawJson.cut(parser, document), StandardCharsets.UTF_8);
                case "presence" -> watch = reader.bool(name) ? Watch.ON : Watch.OFF;
                case "after" -> after = reader.string(name, MAX_MESSAGE_ID);
                case "positions" -> positions = reader.positions(name);
                default -> parser.skipChildren();
            }
            problems.remove(name);
        } catch (FieldReader.WrongField e) {
            problems.put(name, e.getMessage());
            messageId = name.equals("messageId") ? null : messageId;
            leaveValue(parser);
        }
    }

    /** Skips what is left of a value that was given up in the middle. */
    private static void leaveValue(JsonParser parser) throws IOException {
        while (parser.getParsingContext().getNestingDepth() > 1) {
            parser.nextToken();
        }
    }

    private Command build() throws ProtocolException {
        if (!problems.isEmpty()) {
            throw refuse(ErrorCode.INVALID_REQUEST, problems.values().iterator().next());
        }
        if (type == null) {
            throw refuse(ErrorCode.INVALID_REQUEST, "\"type\" is missing");
        }
        return switch (type) {
            case "subscribe" ->
                new Command.Subscribe(messageId, channelOrEveryone(), start(), Optional.ofNullable(info), watch);
            case "unsubscribe" -> new Command.Unsubscribe(messageId, channelOrEveryone());
            case "broadcast" -> broadcast();
            case "resume" -> new Command.Resume(messageId, Optional.ofNullable(session), resumePositions());
            case "history" -> history();
            case "presence" -> new Command.Presence(messageId, channelOrEveryone(), after, limit);
            case "pong" -> new Command.Pong(messageId);
            default ->
                throw refuse(
                        ErrorCode.UNKNOWN_TYPE,
                        "the type is not one of subscribe, unsubscribe, broadcast, resume, history, presence, pong");
        };
    }

    private Command broadcast() throws ProtocolException {
        if (data == null) {
            throw refuse(ErrorCode.INVALID_REQUEST, "\"data\" is missing");
        }
        return new Command.Broadcast(messageId, channelOrEveryone(), data, echo);
    }

    private Command history() throws ProtocolException {
        if (limit == 0) {
            throw refuse(ErrorCode.INVALID_REQUEST, "\"limit\" must be a whole number from 1 to " + MAX_COUNT);
        }
        return new Command.History(messageId, channelOrEveryone(), Optional.ofNullable(since), limit);
    }

    private Map<String, Position> resumePositions() throws ProtocolException {
        for (String name : positions.keySet()) {
            checkName(name);
        }
        return positions;
    }

    private Start start() throws ProtocolException {
        if (since != null && last >= 0) {
            throw refuse(ErrorCode.INVALID_REQUEST, "\"since\" and \"last\" exclude each other");
        }
        if (since != null) {
            return new Start.Since(since);
        }
        return last >= 0 ? new Start.Last(last) : new Start.Live();
    }

    private String channelOrEveryone() throws ProtocolException {
        if (channel == null) {
            return ChannelName.EVERYONE;
        }
        checkName(channel);
        return channel;
    }

    private void checkName(String name) throws ProtocolException {
        if (!ChannelName.isValid(name)) {
            throw refuse(
                    ErrorCode.INVALID_CHANNEL,
                    "a channel name has 1 to " + ChannelName.MAX_LENGTH + " characters out of A-Z a-z 0-9 _-.:/@#=+~,");
        }
    }

    private ProtocolException refuse(ErrorCode code, String message) {
        return new ProtocolException(code, message, messageId);
    }
}
