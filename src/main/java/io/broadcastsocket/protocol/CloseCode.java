package io.broadcastsocket.protocol;

/**
 * Why the server closes a connection. The range tells what to do: 1011, 1012, 1013 and 4000–4099 mean <em>reconnect</em>, all
 * others are <em>terminal</em>. PROTOCOL.md lists them, and a test holds both equal.
 */
public enum CloseCode {
    NORMAL(1000, "normal"),
    PROTOCOL_ERROR(1002, "protocol-error"),
    UNSUPPORTED_DATA(1003, "unsupported-data"),
    INVALID_UTF8(1007, "invalid-utf8"),
    MESSAGE_TOO_BIG(1009, "message-too-big"),
    INTERNAL_ERROR(1011, "internal-error"),
    SERVICE_RESTART(1012, "service-restart"),
    /** The broker is away, so that no subscription can be made. */
    TRY_AGAIN_LATER(1013, "try-again-later"),
    /** Nothing came from the client within the heartbeat's deadline. */
    HEARTBEAT_TIMEOUT(4000, "heartbeat-timeout"),
    /** The client did not take its messages for longer than the limit. */
    SLOW_CONSUMER(4001, "slow-consumer"),
    /** Neither a command nor a subscription within the idle time. */
    IDLE(4002, "idle"),
    /** Another connection resumed this session. */
    SESSION_TAKEN_OVER(4100, "session-taken-over"),
    /** An operator ended the connection. */
    DISCONNECTED(4101, "disconnected"),
    /** The client went on sending commands far beyond its limit. */
    FLOODING(4102, "flooding");

    private final int status;
    private final String reason;

    CloseCode(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /** The status of the close frame (RFC 6455, section 7.4). */
    public int status() {
        return status;
    }

    /** The reason of the close frame. */
    public String reason() {
        return reason;
    }

    /** Whether a client should connect again after this. */
    public boolean reconnect() {
        return status == 1011 || status == 1012 || status == 1013 || (status >= 4000 && status < 4100);
    }
}
