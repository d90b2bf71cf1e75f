package io.broadcastsocket.model;

import java.util.List;
import java.util.Objects;

/**
 * Finds the rule of a channel: the first pattern that matches its name, otherwise the default.
 *
 * <p>Immutable, thread-safe.
 *
 * @param byPattern in order of precedence
 * @param otherwise the rule of all other channels
 */
public record ChannelRules(List<Entry> byPattern, ChannelRule otherwise) {
    /** A rule for names equal to the pattern or, where it ends with {@code *}, for names that begin with what precedes. */
    public record Entry(String pattern, ChannelRule rule) {
        boolean matches(String channel) {
            return pattern.length() > 1 && pattern.endsWith("*")
                    ? channel.startsWith(pattern.substring(0, pattern.length() - 1))
                    : channel.equals(pattern);
        }
    }

    public ChannelRules {
        byPattern = List.copyOf(byPattern);
        Objects.requireNonNull(otherwise, "otherwise");
    }

    public ChannelRule of(String channel) {
        for (Entry entry : byPattern) {
            if (entry.matches(channel)) {
                return entry.rule();
            }
        }
        return otherwise;
    }
}
