package io.broadcastsocket.protocol;

import io.broadcastsocket.model.Gap;
import java.util.List;

/** How much of the protocol a client understands; decided by the subprotocol it negotiated. */
public enum Dialect {
    /** The four message types of the original protocol; a gap comes as an {@code error}. */
    PLAIN {
        @Override
        public byte[] gap(Gap gap, long timestamp) {
            return Replies.gapAsError(gap, timestamp);
        }
    },
    /** {@code broadcast.v1}: also {@code gap}, {@code drain}, {@code join} and {@code leave}. */
    V1 {
        @Override
        public byte[] gap(Gap gap, long timestamp) {
            return Replies.gap(gap, timestamp);
        }
    };

    /** The WebSocket subprotocol that selects {@link #V1}. */
    public static final String SUBPROTOCOL_V1 = "broadcast.v1";

    /** The frame that announces a gap to such a client. */
    public abstract byte[] gap(Gap gap, long timestamp);

    /** Chooses by the subprotocols that the client offers (RFC 6455, section 4.2.2). */
    public static Dialect negotiate(List<String> offered) {
        return offered.contains(SUBPROTOCOL_V1) ? V1 : PLAIN;
    }
}
