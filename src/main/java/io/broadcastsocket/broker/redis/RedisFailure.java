package io.broadcastsocket.broker.redis;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Why Redis did not do something, in words for an operator.
 *
 * <p>Immutable, thread-safe.
 */
final class RedisFailure extends RuntimeException {
    /** What to do about it. */
    enum Kind {
        /** The connection is gone: what was under way may have been done or not. */
        LOST,
        /** The script has to be loaded again. */
        NO_SCRIPT,
        /** Another server has the data, or will have it in a moment. */
        ELSEWHERE,
        /** The server refuses it, and will until somebody changes something. */
        REFUSED
    }

    private static final long serialVersionUID = 1L;
    private static final Set<String> ELSEWHERE =
            Set.of("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "LOADING", "BUSY");

    private static final List<String> NO_MASTER = List.of("READONLY", "MASTERDOWN", "LOADING");

    private final Kind kind;

    private RedisFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static RedisFailure lost(String reason) {
        return new RedisFailure(Kind.LOST, reason);
    }

    static RedisFailure refused(String reason) {
        return new RedisFailure(Kind.REFUSED, reason);
    }

    /** Reads the server's answer, which begins with a code. */
    static RedisFailure of(Throwable failure) {
        if (failure instanceof RedisFailure known) {
            return known;
        }
        String text = String.valueOf(failure.getMessage());
        String code = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : text;
        if (code.equals("NOSCRIPT")) {
            return new RedisFailure(Kind.NO_SCRIPT, text);
        }
        if (ELSEWHERE.contains(code)) {
            return new RedisFailure(Kind.ELSEWHERE, text);
        }
        boolean answered = code.length() > 2 && code.equals(code.toUpperCase(Locale.ROOT)) && code.matches("-?[A-Z]+");
        return new RedisFailure(answered ? Kind.REFUSED : Kind.LOST, explain(code, text));
    }

    Kind kind() {
        return kind;
    }

    /** Whether the server itself is not, or not yet, one that takes writes. */
    boolean isNoMaster() {
        return NO_MASTER.stream().anyMatch(getMessage()::startsWith);
    }

    /** Whether a key that should be ours holds something of another type. */
    boolean isForeignKey() {
        return getMessage().contains("WRONGTYPE");
    }

    private static String explain(String code, String text) {
        return switch (code) {
            case "WRONGPASS" -> "the user or password of the URL is wrong (" + text + ")";
            case "NOAUTH" -> "Redis wants a password (" + text + ")";
            case "NOPERM" -> "the user of the URL lacks a right (" + text + ")";
            case "OOM" -> "Redis is full: maxmemory is reached (" + text + ")";
            case "MISCONF" -> "Redis cannot save to its disk and refuses writes (" + text + ")";
            case "NOREPLICAS" -> "Redis has too few replicas and refuses writes (" + text + ")";
            case "WRONGTYPE" -> "a key of ours holds something else (" + text + ")";
            default -> text;
        };
    }
}
