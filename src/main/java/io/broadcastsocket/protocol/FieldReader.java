package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.broadcastsocket.model.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the values that commands are made of, or says which field is wrong and why.
 *
 * <p>Confined to one parse.
 */
final class FieldReader {
    /** A value that is well-formed JSON but not what the field wants. */
    static final class WrongField extends Exception {
        private static final long serialVersionUID = 1L;

        WrongField(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads a value, or says what is wrong with it. */
    private interface Value<T> {
        T read() throws IOException, WrongField;
    }

    /** A field that may come several times: the last one counts, wrong or right. */
    private final class Last<T> {
        private T value;
        private WrongField wrong;

        void read(Value<T> next) throws IOException {
            try {
                value = next.read();
                wrong = null;
            } catch (WrongField e) {
                wrong = e;
                parser.skipChildren();
            }
        }

        /** The value, or null when the field never came. */
        T get() throws WrongField {
            if (wrong != null) {
                throw wrong;
            }
            return value;
        }
    }

    private final JsonParser parser;

    FieldReader(JsonParser parser) {
        this.parser = parser;
    }

    String string(String field, int maxLength) throws IOException, WrongField {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new WrongField("\"" + field + "\" must be a string");
        }
        String value = parser.getText();
        if (value.isEmpty() || value.length() > maxLength) {
            throw new WrongField("\"" + field + "\" must have 1 to " + maxLength + " characters");
        }
        if (hasLoneSurrogate(value)) {
            throw new WrongField("\"" + field + "\" has half of a surrogate pair, which no UTF-8 can carry back");
        }
        return value;
    }

    private static boolean hasLoneSurrogate(String value) {
        return value.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    boolean bool(String field) throws WrongField {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new WrongField("\"" + field + "\" must be true or false");
        };
    }

    long whole(String field, long min, long max) throws IOException, WrongField {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 19) {
            try {
                long value = parser.getLongValue();
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (IOException outOfRange) {
                // Nineteen digits can pass the largest long: the message below tells the range.
            }
        }
        throw new WrongField("\"" + field + "\" must be a whole number from " + min + " to " + max);
    }

    List<String> strings(String field, int maxCount) throws IOException, WrongField {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new WrongField("\"" + field + "\" must be an array of strings");
        }
        List<String> strings = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            strings.add(string(field, Integer.MAX_VALUE));
        }
        if (strings.isEmpty() || strings.size() > maxCount) {
            throw new WrongField("\"" + field + "\" must have 1 to " + maxCount + " entries");
        }
        return strings;
    }

    Position position(String field) throws IOException, WrongField {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new WrongField("\"" + field + "\" must be an object with epoch and offset");
        }
        Last<String> epoch = new Last<>();
        Last<Long> offset = new Last<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "epoch" -> epoch.read(() -> string(field + ".epoch", 64));
                case "offset" -> offset.read(() -> whole(field + ".offset", 0, Position.MAX_OFFSET));
                default -> parser.skipChildren();
            }
        }
        if (epoch.get() == null || offset.get() == null) {
            throw new WrongField("\"" + field + "\" must be an object with epoch and offset");
        }
        return new Position(epoch.get(), offset.get());
    }

    Map<String, Position> positions(String field) throws IOException, WrongField {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new WrongField("\"" + field + "\" must be an object of channels with their positions");
        }
        Map<String, Last<Position>> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String channel = parser.currentName();
            parser.nextToken();
            entries.computeIfAbsent(channel, name -> new Last<>()).read(() -> position(field + "." + channel));
        }
        Map<String, Position> positions = new LinkedHashMap<>();
        for (Map.Entry<String, Last<Position>> entry : entries.entrySet()) {
            positions.put(entry.getKey(), entry.getValue().get());
        }
        return positions;
    }
}
