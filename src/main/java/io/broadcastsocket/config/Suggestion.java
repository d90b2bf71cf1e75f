package io.broadcastsocket.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a mistyped one was meant to be. */
public final class Suggestion {
    private Suggestion() {}

    /** The nearest word within two edits, or a third of the word's length if that is more. */
    static Optional<String> of(String mistyped, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(mistyped, word)))
                .filter(word -> distance(mistyped, word) <= Math.max(2, mistyped.length() / 3));
    }

    /** A sentence to append, or nothing. */
    public static String sentence(String mistyped, Collection<String> known) {
        return of(mistyped, known)
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse("");
    }

    /** Levenshtein distance, letter case aside. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
