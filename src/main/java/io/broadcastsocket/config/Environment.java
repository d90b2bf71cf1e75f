package io.broadcastsocket.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Lays environment variables over the configuration file: the five of the original service, and every key by its path.
 *
 * <p>Confined to one load.
 */
final class Environment {
    private static final String PREFIX = "BROADCAST_";
    private static final Map<String, String> ORIGINAL = Map.of(
            "PORT", "port",
            "REDIS_URL", "redisUrl",
            "CORS_ORIGIN", "cors.origins",
            "WORKERS", "workers",
            "NODE_ENV", "mode");

    private final Map<String, JsonObject> leaves;
    private final Map<String, String> pathByVariable = new HashMap<>(ORIGINAL);
    private final List<ConfigProblem> problems = new ArrayList<>();

    Environment(ConfigSchema schema) {
        leaves = schema.leaves();
        leaves.keySet().forEach(path -> pathByVariable.put(ConfigSchema.variable(path), path));
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * The file with the variables laid over it. Two variables for one key must agree.
     *
     * @param variableByPointer gets which variable has set a value, for messages that name it
     */
    JsonObject overlay(JsonObject file, Map<String, String> variables, Map<String, String> variableByPointer) {
        JsonObject result = file.copy();
        Map<String, Object> valueByPath = new HashMap<>();
        new TreeMap<>(variables).forEach((variable, text) -> {
            String path = pathByVariable.get(variable);
            if (path != null && !text.isEmpty()) {
                Object value = parse(variable, text, leaves.get(path));
                String earlier = variableByPointer.putIfAbsent("/" + path.replace('.', '/'), variable);
                if (earlier != null && !Objects.equals(value, valueByPath.get(path))) {
                    problems.add(new ConfigProblem(variable, "is not the same as " + earlier + "; set one of them"));
                }
                valueByPath.put(path, value);
                set(result, path, value);
            } else if (path == null && variable.startsWith(PREFIX)) {
                problems.add(new ConfigProblem(
                        variable, "no such key" + Suggestion.sentence(variable, pathByVariable.keySet())));
            }
        });
        return result;
    }

    private Object parse(String variable, String value, JsonObject definition) {
        return switch (definition.getString("type")) {
            case "integer" -> integer(variable, value);
            case "boolean" -> bool(variable, value);
            case "array" -> list(value);
            default -> value;
        };
    }

    private Object integer(String variable, String value) {
        try {
            return Long.valueOf(value.trim());
        } catch (NumberFormatException e) {
            problems.add(new ConfigProblem(variable, "must be a whole number, not \"" + value + "\""));
            return null;
        }
    }

    private Object bool(String variable, String value) {
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        problems.add(new ConfigProblem(variable, "must be true or false, not \"" + value + "\""));
        return null;
    }

    private static JsonArray list(String value) {
        JsonArray list = new JsonArray();
        for (String item : value.split(",")) {
            list.add(item.trim());
        }
        return list;
    }

    /** Puts a value at a path; null, which was reported, leaves the default. */
    private static void set(JsonObject target, String path, Object value) {
        JsonObject parent = target;
        String[] keys = path.split("\\.");
        for (int i = 0; i < keys.length - 1; i++) {
            if (!(parent.getValue(keys[i]) instanceof JsonObject)) {
                parent.put(keys[i], new JsonObject());
            }
            parent = parent.getJsonObject(keys[i]);
        }
        String last = keys[keys.length - 1];
        if (value == null) {
            parent.remove(last);
        } else {
            parent.put(last, value);
        }
    }
}
