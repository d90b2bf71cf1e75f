package io.broadcastsocket.verify.options;

import io.broadcastsocket.config.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line as words by option: {@code --name value}, {@code --name=value} or {@code --name}. */
final class Arguments {
    private static final Set<String> FLAGS = Set.of("quick");
    private static final Set<String> REPEATABLE = Set.of("fault");
    /** What a value may be left out of, and what it is then. */
    private static final Map<String, String> OPTIONAL = Map.of("local", "3");

    private static final List<String> KNOWN = List.of(
            "nodes",
            "api",
            "key",
            "local",
            "broker",
            "redis",
            "faults",
            "fault",
            "clients",
            "channels",
            "rate",
            "duration",
            "partition-seconds",
            "freeze-seconds",
            "recovery-seconds",
            "seed",
            "report",
            "logs",
            "quick");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    Arguments(List<String> words) throws UsageException {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                throw new UsageException("\"" + word + "\" belongs to no option");
            }
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            if (!KNOWN.contains(name)) {
                throw new UsageException("there is no option --" + name
                        + Suggestion.sentence(
                                "--" + name,
                                KNOWN.stream().map(known -> "--" + known).toList()));
            }
            String next = i + 1 < words.size() && !words.get(i + 1).startsWith("--") ? words.get(i + 1) : null;
            if (equals >= 0) {
                put(name, word.substring(equals + 1));
            } else if (FLAGS.contains(name)) {
                put(name, "");
            } else if (next != null) {
                put(name, next);
                i++;
            } else if (OPTIONAL.containsKey(name)) {
                put(name, OPTIONAL.get(name));
            } else {
                throw new UsageException("--" + name + " needs a value");
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> one(String name) {
        return Optional.ofNullable(values.get(name)).map(all -> all.get(0));
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Words with commas between them, at least one if the option is there. */
    List<String> list(String name) throws UsageException {
        List<String> words = Arrays.stream(one(name).orElse("").split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        if (has(name) && words.isEmpty()) {
            throw new UsageException("--" + name + " names nothing");
        }
        return words;
    }

    int whole(String name, int otherwise, int least, int most) throws UsageException {
        if (!has(name)) {
            return otherwise;
        }
        double value = number(name, otherwise);
        if (value != Math.rint(value) || value < least || value > most) {
            throw new UsageException("--" + name + " must be a whole number from " + least + " to " + most + ", not "
                    + one(name).orElseThrow());
        }
        return (int) value;
    }

    double number(String name, double otherwise) throws UsageException {
        if (!has(name)) {
            return otherwise;
        }
        String text = one(name).orElseThrow();
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // The same sentence answers both.
        }
        throw new UsageException("--" + name + " must be a number above 0, not \"" + text + "\"");
    }

    private void put(String name, String value) throws UsageException {
        List<String> all = values.computeIfAbsent(name, key -> new ArrayList<>());
        all.add(value);
        if (all.size() > 1 && !REPEATABLE.contains(name)) {
            throw new UsageException("--" + name + " is there twice");
        }
    }
}
