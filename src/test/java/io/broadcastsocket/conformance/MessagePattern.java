package io.broadcastsocket.conformance;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The patterns of the conformance suite; {@code src/test/resources/conformance/README.md} defines them. */
final class MessagePattern {
    private static final Pattern VARIABLE = Pattern.compile("\\$[a-z][A-Za-z0-9]*");
    private static final String RAW_TEXT = "$text";
    private static final String MORE_FIELDS = "...";

    private MessagePattern() {}

    /**
     * Compares a message with a pattern.
     *
     * @param bindings values of variables; those that are met first are added when all fits
     * @return what does not fit and where
     */
    static Optional<String> mismatch(JsonObject pattern, String text, Map<String, Object> bindings) {
        if (pattern.containsKey(RAW_TEXT)) {
            String prefix = pattern.getString(RAW_TEXT);
            return text.startsWith(prefix) ? Optional.empty() : Optional.of("the text does not begin with " + prefix);
        }
        Map<String, Object> met = new HashMap<>(bindings);
        Optional<String> mismatch = compare("", pattern, new JsonObject(text), met);
        if (mismatch.isEmpty()) {
            bindings.putAll(met);
        }
        return mismatch;
    }

    /** Puts the values of variables into what is sent. */
    static Object fill(Object template, Map<String, Object> bindings) {
        if (template instanceof JsonObject object) {
            JsonObject filled = new JsonObject();
            object.forEach(field -> filled.put(field.getKey(), fill(field.getValue(), bindings)));
            return filled;
        }
        if (template instanceof JsonArray array) {
            JsonArray filled = new JsonArray();
            array.forEach(item -> filled.add(fill(item, bindings)));
            return filled;
        }
        return isVariable(template) ? bound((String) template, bindings) : template;
    }

    /** Puts the values of variables into a text, such as a path. */
    static String fillText(String template, Map<String, Object> bindings) {
        return VARIABLE.matcher(template)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        bound(variable.group(), bindings).toString()));
    }

    private static Object bound(String variable, Map<String, Object> bindings) {
        return Objects.requireNonNull(bindings.get(variable), variable + " has no value yet");
    }

    private static boolean isVariable(Object value) {
        return value instanceof String text && VARIABLE.matcher(text).matches();
    }

    private static Optional<String> compare(String path, Object pattern, Object value, Map<String, Object> bindings) {
        if (isVariable(pattern)) {
            return compareVariable(path, (String) pattern, value, bindings);
        }
        if (pattern instanceof JsonObject object && value instanceof JsonObject fields) {
            return compareFields(path, object, fields, bindings);
        }
        if (pattern instanceof JsonArray array && value instanceof JsonArray items) {
            return compareItems(path, array, items, bindings);
        }
        boolean equal = pattern instanceof Number number && value instanceof Number other
                ? new BigDecimal(number.toString()).compareTo(new BigDecimal(other.toString())) == 0
                : Objects.equals(pattern, value);
        return equal ? Optional.empty() : wrong(path, Json.encode(pattern), value);
    }

    private static Optional<String> compareVariable(
            String path, String variable, Object value, Map<String, Object> bindings) {
        boolean fits =
                switch (variable) {
                    case "$any" -> true;
                    case "$string" -> value instanceof String text && !text.isEmpty();
                    case "$number" -> value instanceof Number;
                    default ->
                        bindings.putIfAbsent(variable, value) == null
                                || bindings.get(variable).equals(value);
                };
        return fits ? Optional.empty() : wrong(path, variable + " = " + bindings.get(variable), value);
    }

    private static Optional<String> compareFields(
            String path, JsonObject pattern, JsonObject value, Map<String, Object> bindings) {
        for (String name : value.fieldNames()) {
            if (!pattern.containsKey(name) && !pattern.containsKey(MORE_FIELDS)) {
                return wrong(path + "/" + name, "no such field", value.getValue(name));
            }
        }
        for (String name : pattern.fieldNames()) {
            if (!name.equals(MORE_FIELDS)) {
                Optional<String> mismatch = value.containsKey(name)
                        ? compare(path + "/" + name, pattern.getValue(name), value.getValue(name), bindings)
                        : Optional.of(path + "/" + name + " is missing");
                if (mismatch.isPresent()) {
                    return mismatch;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> compareItems(
            String path, JsonArray pattern, JsonArray value, Map<String, Object> bindings) {
        if (pattern.size() != value.size()) {
            return wrong(path, pattern.size() + " items", value);
        }
        for (int i = 0; i < pattern.size(); i++) {
            Optional<String> mismatch = compare(path + "/" + i, pattern.getValue(i), value.getValue(i), bindings);
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrong(String path, String expected, Object value) {
        return Optional.of(path + " should be " + expected + " but is " + Json.encode(value));
    }
}
