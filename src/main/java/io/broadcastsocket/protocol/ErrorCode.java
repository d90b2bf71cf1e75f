package io.broadcastsocket.protocol;

import java.util.Locale;

/** Why a command was refused; the connection goes on. PROTOCOL.md lists them, and a test holds both equal. */
public enum ErrorCode {
    /** The text is not a JSON document, or nested too deep. */
    INVALID_JSON,
    /** A field is missing, has the wrong type or is out of range. */
    INVALID_REQUEST,
    /** The {@code type} is not one that the server knows. */
    UNKNOWN_TYPE,
    /** The channel's name breaks the rules. */
    INVALID_CHANNEL,
    /** Too many broadcasts from this address, or too many commands on this connection. */
    RATE_LIMITED,
    /** The connection has as many subscriptions as it may have. */
    CHANNEL_LIMIT,
    /** The data is larger than a publication may be. */
    MESSAGE_TOO_LARGE,
    /** The broker did not accept it; send it again with the same messageId. */
    UNAVAILABLE,
    /** Publications were lost to this subscriber; sent on its own, never as a reply. */
    GAP,
    /** A fault of the server. */
    INTERNAL_ERROR;

    /** The word on the wire. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
