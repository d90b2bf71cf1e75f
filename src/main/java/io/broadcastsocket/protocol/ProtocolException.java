package io.broadcastsocket.protocol;

/** A command that is refused: becomes an {@code error} reply with its code. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String messageId;

    /** @param messageId id of the refused command, or null when it could not be read */
    public ProtocolException(ErrorCode code, String message, String messageId) {
        super(message, null, false, false);
        this.code = code;
        this.messageId = messageId;
    }

    public ErrorCode code() {
        return code;
    }

    public String messageId() {
        return messageId;
    }
}
