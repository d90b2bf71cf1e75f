package io.broadcastsocket.broker;

/** The broker accepted nothing; the same request may be sent again with the same message id. */
public final class BrokerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long retryAfterMs;

    /** @param retryAfterMs when to try again, milliseconds */
    public BrokerUnavailable(String reason, long retryAfterMs, Throwable cause) {
        super(reason, cause, false, false);
        this.retryAfterMs = retryAfterMs;
    }

    public long retryAfterMs() {
        return retryAfterMs;
    }
}
