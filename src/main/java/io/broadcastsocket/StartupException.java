package io.broadcastsocket;

/** The server cannot start; the message tells the operator why, so there is no stack to read. */
final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message, null, false, false);
    }
}
