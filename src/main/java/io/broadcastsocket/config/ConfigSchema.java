package io.broadcastsocket.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The JSON Schema of the configuration, as data: the one list of keys, types and defaults.
 *
 * <p>Immutable, thread-safe.
 */
final class ConfigSchema {
    private static final String RESOURCE = "/config.schema.json";

    private final JsonObject schema = read();

    JsonObject json() {
        return schema.copy();
    }

    /** The definitions of all single values, by their path such as {@code limits.messageBytes}; lists of rules left out. */
    Map<String, JsonObject> leaves() {
        Map<String, JsonObject> leaves = new LinkedHashMap<>();
        collect("", schema, leaves);
        return leaves;
    }

    /** The environment variable of a path: {@code limits.messageBytes} is {@code BROADCAST_LIMITS_MESSAGE_BYTES}. */
    static String variable(String path) {
        return "BROADCAST_"
                + path.replace('.', '_').replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    /** The definition of an object's keys, or null where the schema has no object. */
    JsonObject properties(JsonObject definition) {
        return resolve(definition).getJsonObject("properties");
    }

    JsonObject resolve(JsonObject definition) {
        String reference = definition.getString("$ref");
        return reference == null
                ? definition
                : schema.getJsonObject("$defs").getJsonObject(reference.substring("#/$defs/".length()));
    }

    /** The value with every default filled in. */
    JsonObject withDefaults(JsonObject value) {
        return withDefaults(schema, value);
    }

    private JsonObject withDefaults(JsonObject definition, JsonObject value) {
        JsonObject filled = value.copy();
        JsonObject properties = properties(definition);
        for (String key : properties.fieldNames()) {
            JsonObject property = resolve(properties.getJsonObject(key));
            if (property.containsKey("properties")) {
                filled.put(key, withDefaults(property, filled.getJsonObject(key, new JsonObject())));
            } else if (!filled.containsKey(key) && property.containsKey("default")) {
                Object fallback = property.getValue("default");
                filled.put(key, fallback instanceof JsonArray array ? array.copy() : fallback);
            }
        }
        return filled;
    }

    private void collect(String prefix, JsonObject definition, Map<String, JsonObject> leaves) {
        JsonObject properties = properties(definition);
        for (String key : properties.fieldNames()) {
            JsonObject property = resolve(properties.getJsonObject(key));
            String path = prefix.isEmpty() ? key : prefix + "." + key;
            if (property.containsKey("properties")) {
                collect(path, property, leaves);
            } else if (!isListOfObjects(property)) {
                leaves.put(path, property);
            }
        }
    }

    private static boolean isListOfObjects(JsonObject property) {
        return property.getJsonObject("items", new JsonObject()).containsKey("properties");
    }

    private static JsonObject read() {
        try (InputStream in = Objects.requireNonNull(ConfigSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
