package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Gap;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables of PROTOCOL.md against the code and the configuration's schema. */
class ProtocolTablesTest {
    /** Groups of the configuration of which every number is a limit of the protocol. */
    private static final Set<String> GROUPS =
            Set.of("limits", "heartbeat", "session", "presence", "history", "broker", "shutdown");

    private final String document = read(Path.of("PROTOCOL.md"));

    @Test
    void errorCodesAreThoseOfTheCode() {
        assertThat(column(table("| code | HTTP |"), 0))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
    }

    @Test
    void closeCodesAreThoseOfTheCode() {
        assertThat(table("| status | reason |").stream().map(row -> row.subList(0, 3)))
                .containsExactlyElementsOf(Arrays.stream(CloseCode.values())
                        .map(code -> List.of(
                                Integer.toString(code.status()),
                                code.reason(),
                                code.reconnect() ? "reconnect" : "terminal"))
                        .toList());
    }

    @Test
    void reasonsOfGapsAreThoseOfTheCode() {
        assertThat(column(table("| reason | why |"), 0))
                .containsExactlyElementsOf(
                        Arrays.stream(Gap.Reason.values()).map(Gap.Reason::code).toList());
    }

    @Test
    void defaultLimitsAreThoseOfTheSchema() {
        Map<String, String> documented = new LinkedHashMap<>();
        table("| key | default |").forEach(row -> documented.put(row.get(0), row.get(1)));
        Map<String, String> defaults = new TreeMap<>();
        numbers("", new JsonObject(read(Path.of("src/main/resources/config.schema.json"))), defaults);
        documented.forEach((key, value) -> assertThat(defaults).as(key).containsEntry(key, value));
        assertThat(defaults.keySet())
                .filteredOn(key -> GROUPS.contains(key.split("\\.")[0]))
                .allSatisfy(key -> assertThat(documented).containsKey(key));
    }

    @Test
    void fixedLimitsAreThoseOfTheCode() {
        assertThat(column(table("| what | most |"), 1))
                .containsExactlyElementsOf(List.of(
                                ChannelName.MAX_LENGTH,
                                CommandParser.MAX_MESSAGE_ID,
                                CommandParser.MAX_COUNT,
                                RawJson.MAX_DEPTH,
                                PublishRequest.MAX_REQUESTS,
                                PublishRequest.MAX_BYTES)
                        .stream()
                        .map(String::valueOf)
                        .toList());
    }

    /** The rows of the table whose head begins so, without code marks. */
    private List<List<String>> table(String head) {
        List<List<String>> rows = document.lines()
                .dropWhile(line -> !line.startsWith(head))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(cell -> cell.trim().replace("`", ""))
                        .toList())
                .toList();
        assertThat(rows).as(head).isNotEmpty();
        return rows;
    }

    private static List<String> column(List<List<String>> rows, int number) {
        return rows.stream().map(row -> row.get(number)).toList();
    }

    private static void numbers(String prefix, JsonObject schema, Map<String, String> defaults) {
        for (String name : schema.getJsonObject("properties").fieldNames()) {
            JsonObject property = schema.getJsonObject("properties").getJsonObject(name);
            JsonObject target = property.containsKey("$ref")
                    ? new JsonObject(read(Path.of("src/main/resources/config.schema.json")))
                            .getJsonObject("$defs")
                            .getJsonObject(property.getString("$ref").replace("#/$defs/", ""))
                    : property;
            if (target.containsKey("properties")) {
                numbers(prefix + name + ".", target, defaults);
            } else if ("integer".equals(target.getString("type"))) {
                defaults.put(prefix + name, String.valueOf(target.getValue("default")));
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
