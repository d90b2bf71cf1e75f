package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.RedisUrl;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern CODE = Pattern.compile("[A-Z]{3,}");
    private static final Pattern IN_SCRIPT =
            Pattern.compile("ERR Error running script .*?: -?((?!ERR )[A-Z]{3,} .*)", Pattern.DOTALL);
    private static final List<String> NO_MASTER = List.of("READONLY", "MASTERDOWN", "LOADING");

    /** What XADD answers when an entry has a larger id than ours get. */
    private static final String FOREIGN_ENTRY = "equal or smaller than the target stream top item";

    private static final String FORBIDDEN_IN_SCRIPT = "The user executing the script can't";

    private static final List<String> SLOT = List.of("MOVED ", "ASK ", "TRYAGAIN ");

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

    /** Reads the server's answer, which begins with a code; anything else is the client's word for a connection that is gone. */
    static RedisFailure of(Throwable failure) {
        if (failure instanceof RedisFailure known) {
            return known;
        }
        String text = unwrap(String.valueOf(failure.getMessage()));
        String code = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : text;
        if (code.equals("NOSCRIPT")) {
            return new RedisFailure(Kind.NO_SCRIPT, text);
        }
        if (ELSEWHERE.contains(code)) {
            return new RedisFailure(Kind.ELSEWHERE, text);
        }
        return CODE.matcher(code).matches()
                ? new RedisFailure(Kind.REFUSED, explain(code, text))
                : new RedisFailure(Kind.LOST, whyLost(failure, text));
    }

    /** Before 7.0, Redis packs what a command in a script answers into a sentence. */
    private static String unwrap(String text) {
        Matcher packed = IN_SCRIPT.matcher(text);
        return packed.matches() ? packed.group(1) : text;
    }

    private static String whyLost(Throwable failure, String text) {
        if (text.equals("CONNECTION_CLOSED")) {
            return "the server closed the connection";
        }
        if (text.startsWith("ILLEGAL_STATE")) {
            return "what answers is no Redis (" + text + ")";
        }
        if (failure instanceof TimeoutException) {
            return "no answer in time";
        }
        if (failure.getMessage() == null) {
            return "the connection broke: " + failure.getClass().getSimpleName();
        }
        Throwable root = failure;
        boolean certificate = false;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
            certificate |= root instanceof CertificateException || root instanceof CertPathBuilderException;
        }
        String more = String.valueOf(root.getMessage());
        String cause = text.contains(more) ? text : text + ": " + more;
        return certificate ? "the certificate of the server is not trusted (" + cause + ")" : cause;
    }

    /** The same, with a word on where it happened. */
    RedisFailure at(RedisUrl.Endpoint endpoint) {
        return getMessage().contains(endpoint.toString())
                ? this
                : new RedisFailure(kind, endpoint + ": " + getMessage());
    }

    Kind kind() {
        return kind;
    }

    /** Whether the server itself is not, or not yet, one that takes writes. */
    boolean isNoMaster() {
        return NO_MASTER.stream().anyMatch(getMessage()::contains);
    }

    /** Whether the slot is, or is about to be, on another server of the cluster. */
    boolean isOfSlot() {
        return SLOT.stream().anyMatch(getMessage()::startsWith);
    }

    /** Whether a key that should be ours holds something else. */
    boolean isForeignKey() {
        return getMessage().contains("WRONGTYPE") || getMessage().contains(FOREIGN_ENTRY);
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
            default -> explain(text);
        };
    }

    /** Those without a code of their own. */
    private static String explain(String text) {
        if (text.contains(FOREIGN_ENTRY)) {
            return "the log holds entries that are not ours (" + text + ")";
        }
        return text.contains(FORBIDDEN_IN_SCRIPT) ? "the user of the URL lacks a right (" + text + ")" : text;
    }
}
