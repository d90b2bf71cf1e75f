package io.broadcastsocket.verify.ledger;

import java.util.Locale;

/**
 * One observation that breaks the promise.
 *
 * @param kind what was broken
 * @param text where and how, for people
 */
public record Violation(Kind kind, String text) {
    /** What can be broken. */
    public enum Kind {
        /** Offsets were passed over without a gap. */
        LOST,
        /** A publication came again, and nothing had announced that. */
        DUPLICATE,
        /** A publication came after a later one. */
        REORDERED,
        /** A gap was announced wrongly, or not where the subscriber stood. */
        GAP,
        /** An acknowledged publication is not where its ack says. */
        MISSING,
        /** Two sources disagree on what an offset is, or on where a publication is. */
        CONTRADICTION,
        /** Something came that nobody published. */
        FOREIGN,
        /** A client or the publisher was not served again in time. */
        UNSERVED,
        /** A new epoch began, and nothing was done in which publications may be lost. */
        EPOCH,
        /** A session was not resumed, and nothing was done in which sessions may be lost. */
        SESSION,
        /** A node ended by itself. */
        DEATH,
        /** A client was sent away for good. */
        CLOSED,
        /** The fault could not be carried out, or had no effect. */
        FAULT;

        /** The word in reports. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return kind.code() + ": " + text;
    }
}
