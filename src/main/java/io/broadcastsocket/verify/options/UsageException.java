package io.broadcastsocket.verify.options;

/** A command line that cannot be understood; the message is a sentence for people. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
