package io.broadcastsocket.conformance;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file of the conformance suite.
 *
 * @param section heading of PROTOCOL.md that it belongs to
 * @param config keys of the server's configuration that differ from the suite's
 */
record Scenario(Path file, String title, String section, JsonObject config, List<JsonObject> steps) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "conformance");

    /** All of them, by name. */
    static List<Scenario> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Scenario::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scenario read(Path file) {
        try {
            JsonObject json = new JsonObject(Files.readString(file));
            JsonArray steps = json.getJsonArray("steps");
            return new Scenario(
                    file,
                    json.getString("title"),
                    json.getString("section"),
                    json.getJsonObject("config", new JsonObject()),
                    steps.stream().map(JsonObject.class::cast).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same against a broker with another durability than the suite's. */
    Scenario withDurability(String word) {
        List<JsonObject> changed = steps.stream()
                .map(step -> new JsonObject(
                        step.encode().replace("\"durability\":\"memory\"", "\"durability\":\"" + word + "\"")))
                .toList();
        return new Scenario(file, title, section, config, changed);
    }

    /** Its file's name without the ending. */
    String name() {
        return file.getFileName().toString().replace(".json", "");
    }

    URI source() {
        return file.toUri();
    }

    /** Everything that clients send in it as JSON. */
    Stream<JsonObject> sent() {
        return steps.stream().filter(step -> step.containsKey("send")).map(step -> step.getJsonObject("send"));
    }

    /** Every pattern of what clients receive in it. */
    Stream<JsonObject> expected() {
        return steps.stream()
                .flatMap(step -> Stream.concat(
                        Stream.of("expect", "welcome").filter(step::containsKey).map(step::getJsonObject),
                        step.getJsonArray("expectAll", new JsonArray()).stream().map(JsonObject.class::cast)));
    }

    /** Every status that a connection is closed with by the server in it. */
    Stream<Integer> closed() {
        return steps.stream().filter(step -> step.containsKey("closed")).map(step -> step.getInteger("closed"));
    }
}
