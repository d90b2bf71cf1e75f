package io.broadcastsocket.config;

import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes a {@link ServerConfig} of a JSON object and the environment, or lists everything that is wrong.
 *
 * <p>Thread-safe.
 */
public final class ConfigLoader {
    private final ConfigSchema schema = new ConfigSchema();

    /**
     * @param variables the process's environment; wins over the file
     * @throws ConfigException with all problems at once
     */
    public ServerConfig load(JsonObject file, Map<String, String> variables) {
        Environment environment = new Environment(schema);
        Map<String, String> variableByPointer = new HashMap<>();
        JsonObject merged = environment.overlay(file, variables, variableByPointer);
        List<ConfigProblem> problems = new ArrayList<>(environment.problems());
        findUnknownKeys("", schema.json(), merged, problems);
        List<ConfigProblem> wrongValues = new ArrayList<>();
        findWrongValues(merged, variableByPointer, wrongValues);
        problems.addAll(wrongValues);
        if (!wrongValues.isEmpty()) {
            throw new ConfigException(problems);
        }
        JsonObject complete = schema.withDefaults(merged);
        findContradictions(complete, variableByPointer, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return build(complete);
    }

    private void findUnknownKeys(
            String pointer, JsonObject definition, JsonObject value, List<ConfigProblem> problems) {
        JsonObject known = schema.properties(definition);
        if (known == null) {
            return;
        }
        for (String key : value.fieldNames()) {
            String at = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
            if (!known.containsKey(key)) {
                problems.add(new ConfigProblem(at, "no such key" + Suggestion.sentence(key, known.fieldNames())));
            } else if (value.getValue(key) instanceof JsonObject child) {
                findUnknownKeys(at, known.getJsonObject(key), child, problems);
            } else if (value.getValue(key) instanceof JsonArray children) {
                JsonObject items = known.getJsonObject(key).getJsonObject("items", new JsonObject());
                for (int i = 0; i < children.size(); i++) {
                    if (children.getValue(i) instanceof JsonObject child) {
                        findUnknownKeys(at + "/" + i, items, child, problems);
                    }
                }
            }
        }
    }

    private void findWrongValues(
            JsonObject value, Map<String, String> variableByPointer, List<ConfigProblem> problems) {
        JsonSchemaOptions options = new JsonSchemaOptions()
                .setDraft(Draft.DRAFT202012)
                .setBaseUri("https://broadcastsocket.io/")
                .setOutputFormat(OutputFormat.Basic);
        OutputUnit result =
                Validator.create(JsonSchema.of(schema.json()), options).validate(value);
        if (Boolean.TRUE.equals(result.getValid()) || result.getErrors() == null) {
            return;
        }
        for (OutputUnit error : result.getErrors()) {
            String keyword = error.getKeywordLocation();
            String word = keyword.substring(keyword.lastIndexOf('/') + 1);
            // Containers repeat what their parts say, and unknown keys are reported with a suggestion.
            if (!List.of("properties", "items", "$ref", "additionalProperties", "false")
                    .contains(word)) {
                String pointer = error.getInstanceLocation().replaceFirst("^#", "");
                problems.add(new ConfigProblem(place(pointer, variableByPointer), expectation(error)));
            }
        }
    }

    /** The variable that has set a value, or the list it stands in, and otherwise its pointer. */
    private static String place(String pointer, Map<String, String> variableByPointer) {
        String list = pointer.replaceFirst("/\\d+$", "");
        String variable = variableByPointer.getOrDefault(pointer, variableByPointer.get(list));
        return variable != null ? variable : pointer.isEmpty() ? "/" : pointer;
    }

    private static String expectation(OutputUnit error) {
        String text = error.getError();
        return text.isEmpty() ? "is not valid" : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static void findContradictions(
            JsonObject value, Map<String, String> variableByPointer, List<ConfigProblem> problems) {
        JsonObject heartbeat = value.getJsonObject("heartbeat");
        if (heartbeat.getLong("timeoutMs") > heartbeat.getLong("intervalMs")) {
            problems.add(new ConfigProblem("/heartbeat/timeoutMs", "must not be greater than /heartbeat/intervalMs"));
        }
        JsonObject shutdown = value.getJsonObject("shutdown");
        if (shutdown.getLong("spreadMs") > shutdown.getLong("deadlineMs")) {
            problems.add(new ConfigProblem("/shutdown/spreadMs", "must not be greater than /shutdown/deadlineMs"));
        }
        try {
            redisUrl(value);
        } catch (IllegalArgumentException wrong) {
            problems.add(new ConfigProblem(place("/redisUrl", variableByPointer), wrong.getMessage()));
        }
        String caFile = value.getJsonObject("redis").getString("caFile");
        if (!caFile.isEmpty() && !Files.isReadable(Path.of(caFile))) {
            problems.add(new ConfigProblem("/redis/caFile", "there is no file that can be read"));
        }
        ClusterSection.findContradictions(value.getJsonObject("cluster"), problems);
        boolean keyless = value.getJsonObject("api").getJsonArray("keys").isEmpty();
        if (value.getString("mode").equals("production") && keyless && !value.getBoolean("insecure")) {
            problems.add(new ConfigProblem(
                    "/api/keys",
                    "production needs at least one key; or set \"insecure\": true to answer this machine only"));
        }
    }

    private static ServerConfig build(JsonObject json) {
        ServerConfig.Mode mode =
                ServerConfig.Mode.valueOf(json.getString("mode").toUpperCase(Locale.ROOT));
        boolean development = mode == ServerConfig.Mode.DEVELOPMENT;
        JsonObject api = json.getJsonObject("api");
        JsonObject limits = json.getJsonObject("limits");
        JsonObject heartbeat = json.getJsonObject("heartbeat");
        JsonObject session = json.getJsonObject("session");
        JsonObject presence = json.getJsonObject("presence");
        JsonObject slow = json.getJsonObject("slowConsumer");
        JsonObject broker = json.getJsonObject("broker");
        JsonObject shutdown = json.getJsonObject("shutdown");
        JsonObject supervision = json.getJsonObject("supervision");
        JsonArray defaultOrigins = development ? JsonArray.of("*") : new JsonArray();
        int workers = json.getInteger("workers");
        return new ServerConfig(
                mode,
                json.getString("host"),
                json.getInteger("port"),
                workers == 0 ? Runtime.getRuntime().availableProcessors() : workers,
                json.getBoolean("publicApi", development),
                json.getBoolean("demo", development),
                json.getInteger("trustedProxyHops"),
                java.util.Set.copyOf(strings(json.getJsonObject("cors").getJsonArray("origins", defaultOrigins))),
                new ServerConfig.Api(
                        api.getString("host"),
                        api.getInteger("port"),
                        strings(api.getJsonArray("keys")),
                        api.getLong("maxBodyBytes")),
                new ServerConfig.Limits(
                        limits.getInteger("connections"),
                        limits.getInteger("channelsPerConnection"),
                        limits.getInteger("messageBytes"),
                        limits.getLong("broadcastsPerMinute"),
                        limits.getInteger("commandsPerSecond"),
                        limits.getLong("handshakeMs"),
                        limits.getLong("idleMs")),
                new ServerConfig.Heartbeat(heartbeat.getLong("intervalMs"), heartbeat.getLong("timeoutMs")),
                new ServerConfig.Sessions(
                        session.getLong("ttlMs"), session.getInteger("max"), session.getLong("reconnectSpreadMs")),
                new ServerConfig.Presence(
                        presence.getLong("lingerMs"),
                        presence.getLong("leaseMs"),
                        presence.getInteger("infoBytes"),
                        presence.getInteger("changesPerMinute")),
                rules(json),
                new ServerConfig.SlowConsumer(
                        slow.getLong("stalledMs"), slow.getInteger("tailBytes"), slow.getInteger("writeBytes")),
                new ServerConfig.BrokerMemory(
                        broker.getLong("deduplicationMs"),
                        broker.getInteger("deduplicationEntries"),
                        broker.getLong("positionMs"),
                        broker.getLong("historyBytes")),
                redis(json),
                ClusterSection.build(json.getJsonObject("cluster")),
                new ServerConfig.Shutdown(shutdown.getLong("deadlineMs"), shutdown.getLong("spreadMs")),
                new ServerConfig.Supervision(
                        supervision.getLong("probeMs"),
                        supervision.getLong("blockedMs"),
                        supervision.getLong("backoffMs")));
    }

    private static Optional<ServerConfig.Redis> redis(JsonObject json) {
        JsonObject redis = json.getJsonObject("redis");
        JsonObject queue = redis.getJsonObject("queue");
        return redisUrl(json)
                .map(url -> new ServerConfig.Redis(
                        url,
                        redis.getString("prefix"),
                        redis.getString("caFile"),
                        redis.getLong("probeMs"),
                        redis.getLong("deadlineMs"),
                        redis.getLong("waitMs"),
                        redis.getLong("lingerMs"),
                        redis.getBoolean("ingest"),
                        new ServerConfig.Redis.Queue(
                                queue.getInteger("messages"), queue.getLong("bytes"), queue.getLong("ms"))));
    }

    private static Optional<RedisUrl> redisUrl(JsonObject json) {
        String url = json.getString("redisUrl");
        return url.isEmpty() ? Optional.empty() : Optional.of(RedisUrl.parse(url));
    }

    private static ChannelRules rules(JsonObject json) {
        JsonObject history = json.getJsonObject("history");
        String policy = json.getJsonObject("slowConsumer").getString("policy");
        ChannelRule otherwise = new ChannelRule(history(history), ChannelRule.SlowConsumer.of(policy));
        JsonArray rules = json.getJsonArray("channels");
        List<ChannelRules.Entry> entries = IntStream.range(0, rules.size())
                .mapToObj(rules::getJsonObject)
                .map(rule -> new ChannelRules.Entry(
                        rule.getString("match"),
                        new ChannelRule(
                                history(history.copy().mergeIn(rule.getJsonObject("history", new JsonObject()))),
                                ChannelRule.SlowConsumer.of(rule.getString("slowConsumer", policy)))))
                .toList();
        return new ChannelRules(entries, otherwise);
    }

    private static ChannelRule.History history(JsonObject json) {
        return new ChannelRule.History(json.getInteger("size"), json.getLong("bytes"), json.getLong("ttlMs"));
    }

    private static List<String> strings(JsonArray array) {
        return array.stream().map(Object::toString).toList();
    }
}
