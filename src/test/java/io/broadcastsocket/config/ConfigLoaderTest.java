package io.broadcastsocket.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.broadcastsocket.model.ChannelRule;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {
    private final ConfigLoader loader = new ConfigLoader();

    @Test
    void anEmptyObjectGivesTheDefaultsOfDevelopment() {
        ServerConfig config = loader.load(new JsonObject(), Map.of());
        assertThat(config.mode()).isEqualTo(ServerConfig.Mode.DEVELOPMENT);
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.publicApi()).isTrue();
        assertThat(config.demo()).isTrue();
        assertThat(config.origins()).containsExactly("*");
        assertThat(config.limits().broadcastsPerMinute()).isEqualTo(100);
    }

    @Test
    void productionIsClosedByDefault() {
        JsonObject file = new JsonObject("{\"mode\":\"production\",\"api\":{\"keys\":[\"0123456789abcdef\"]}}");
        ServerConfig config = loader.load(file, Map.of());
        assertThat(config.publicApi()).isFalse();
        assertThat(config.demo()).isFalse();
        assertThat(config.origins()).isEmpty();
    }

    @Test
    void theEnvironmentWins() {
        ServerConfig config = loader.load(
                new JsonObject().put("port", 1).put("workers", 1),
                Map.of(
                        "PORT", "2",
                        "WORKERS", "3",
                        "CORS_ORIGIN", "https://a.example, https://b.example",
                        "NODE_ENV", "production",
                        "BROADCAST_INSECURE", "true",
                        "BROADCAST_LIMITS_MESSAGE_BYTES", "1000",
                        "BROADCAST_API_KEYS", "0123456789abcdef,fedcba9876543210",
                        "PATH", "/bin"));
        assertThat(config.port()).isEqualTo(2);
        assertThat(config.workers()).isEqualTo(3);
        assertThat(config.origins()).containsExactlyInAnyOrder("https://a.example", "https://b.example");
        assertThat(config.mode()).isEqualTo(ServerConfig.Mode.PRODUCTION);
        assertThat(config.limits().messageBytes()).isEqualTo(1000);
        assertThat(config.api().keys()).hasSize(2);
    }

    @Test
    void everyProblemIsListedWithItsPlace() {
        JsonObject file = new JsonObject(
                "{\"prot\":1,\"port\":\"x\",\"limits\":{\"mesageBytes\":1,\"connections\":0},"
                        + "\"channels\":[{\"match\":\"a\",\"slowConsumer\":\"sometimes\"},{\"mach\":\"b\"}],\"mode\":\"staging\"}");
        List<String> where = problems(file, Map.of("WORKERS", "many", "BROADCAST_LIMTS_IDLE_MS", "1")).stream()
                .map(ConfigProblem::where)
                .distinct()
                .toList();
        assertThat(where)
                .containsExactlyInAnyOrder(
                        "WORKERS",
                        "BROADCAST_LIMTS_IDLE_MS",
                        "/prot",
                        "/port",
                        "/limits/mesageBytes",
                        "/limits/connections",
                        "/channels/0/slowConsumer",
                        "/channels/1/mach",
                        "/channels/1",
                        "/mode");
    }

    @Test
    void aMistypedKeyGetsASuggestion() {
        assertThat(problems(new JsonObject().put("prot", 1), Map.of()).get(0).what())
                .contains("did you mean \"port\"?");
        assertThat(problems(new JsonObject(), Map.of("BROADCAST_LIMTS_IDLE_MS", "1"))
                        .get(0)
                        .what())
                .contains("did you mean \"BROADCAST_LIMITS_IDLE_MS\"?");
    }

    @Test
    void aWrongValueFromTheEnvironmentNamesTheVariable() {
        assertThat(problems(new JsonObject(), Map.of("NODE_ENV", "staging"))
                        .get(0)
                        .where())
                .isEqualTo("NODE_ENV");
        assertThat(problems(new JsonObject(), Map.of("PORT", "70000")).get(0).where())
                .isEqualTo("PORT");
    }

    @Test
    void aWrongEntryOfAListFromTheEnvironmentNamesTheVariable() {
        assertThat(problems(
                                new JsonObject(),
                                Map.of(
                                        "CORS_ORIGIN",
                                        "https://a.example,,https://b.example",
                                        "BROADCAST_API_KEYS",
                                        "short"))
                        .stream()
                        .map(ConfigProblem::where)
                        .distinct())
                .containsExactlyInAnyOrder("CORS_ORIGIN", "BROADCAST_API_KEYS");
    }

    @Test
    void twoVariablesForOneKeyMustAgree() {
        List<ConfigProblem> problems =
                problems(new JsonObject(), Map.of("PORT", "1", "BROADCAST_PORT", "2", "WORKERS", "3"));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).toString()).contains("PORT: ").contains("BROADCAST_PORT");
        assertThat(loader.load(new JsonObject(), Map.of("PORT", "1", "BROADCAST_PORT", " 1"))
                        .port())
                .isEqualTo(1);
        assertThat(loader.load(new JsonObject(), Map.of("PORT", "", "BROADCAST_PORT", "2"))
                        .port())
                .isEqualTo(2);
    }

    @Test
    void contradictionsAreRefused() {
        JsonObject file = new JsonObject("{\"mode\":\"production\",\"heartbeat\":{\"intervalMs\":50,\"timeoutMs\":60},"
                + "\"shutdown\":{\"deadlineMs\":1,\"spreadMs\":2}}");
        assertThat(problems(file, Map.of("REDIS_URL", "http://localhost")).stream()
                        .map(ConfigProblem::where))
                .containsExactlyInAnyOrder("/heartbeat/timeoutMs", "/shutdown/spreadMs", "REDIS_URL", "/api/keys");
    }

    @Test
    void contradictionsAreListedTogetherWithMistypedKeysAndVariables() {
        JsonObject file = new JsonObject("{\"mode\":\"production\",\"prot\":1}");
        assertThat(problems(file, Map.of("WORKERS", "many")).stream().map(ConfigProblem::where))
                .containsExactlyInAnyOrder("/prot", "WORKERS", "/api/keys");
    }

    @Test
    void aChannelsRuleTakesFromTheDefaultWhatItLeavesOut() {
        JsonObject file = new JsonObject("{\"history\":{\"size\":7,\"ttlMs\":9},\"channels\":["
                + "{\"match\":\"prices:*\",\"history\":{\"size\":1},\"slowConsumer\":\"latest\"}]}");
        ServerConfig config = loader.load(file, Map.of());
        ChannelRule prices = config.channels().of("prices:eur");
        assertThat(prices.history().size()).isEqualTo(1);
        assertThat(prices.history().ttlMs()).isEqualTo(9);
        assertThat(prices.slowConsumer()).isEqualTo(ChannelRule.SlowConsumer.LATEST);
        assertThat(config.channels().of("other").history().size()).isEqualTo(7);
    }

    @Test
    void everyKeyIsDescribedAndHasAVariable() {
        Map<String, JsonObject> leaves = new ConfigSchema().leaves();
        assertThat(leaves).containsKey("limits.messageBytes");
        leaves.forEach((path, definition) ->
                assertThat(definition.getString("description")).as(path).isNotBlank());
        assertThat(leaves.keySet().stream().map(ConfigSchema::variable)).doesNotHaveDuplicates();
    }

    private List<ConfigProblem> problems(JsonObject file, Map<String, String> environment) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> loader.load(file, environment));
        assertThat(refused).isNotNull();
        return refused.problems();
    }
}
